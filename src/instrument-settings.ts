import path from 'node:path';
import { loadSettings, SettingsError, type Environment, type Settings } from './settings';

/** The settings of a bot that is not ours: its environment is its own, and holds names that mean something else there. */

/** Settings whose names no bot uses for itself. */
const PLAIN = /^(?:ENABLE_METRICS|METRICS_\w+|STATS_\w+)$/;
const PREFIX = 'TELLTALE_';

const DEFAULTS: Environment = {
  // The bot's own files are not to be mixed with ours: the rotation would count, and delete, those of the same name.
  LOG_DIRECTORY: path.join('logs', 'telltale'),
  // The console is the bot's; a line that goes nowhere should cost nothing.
  LOG_CONSOLE_LEVEL: 'error',
  LOG_FORMAT: 'json',
};

/**
 * Reads the defaults, over them `ENABLE_METRICS`, `METRICS_*` and `STATS_*`, and over all any setting whose name begins
 * with `TELLTALE_`: a bot's own `DATABASE_URL` or `LOG_LEVEL` is not ours.
 *
 * @param token the client's.
 * @throws SettingsError with every problem there is.
 */
export function instrumentSettings(environment: Environment, token: string, root: string): Settings {
  const directory = path.join(root, 'config');
  const prefixed = pick(environment, (name) => (name.startsWith(PREFIX) ? name.slice(PREFIX.length) : null));
  try {
    return loadSettings({
      environment: {
        ...DEFAULTS,
        ...pick(environment, (name) => (PLAIN.test(name) ? name : null)),
        ...prefixed,
        DISCORD_TOKEN: token,
      },
      // Not the bot's: what it wants in its environment from its `.env`, it has put there by now.
      workingDirectory: directory,
      configDirectory: directory,
    });
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    throw new SettingsError(error.problems.map((problem) => asTheyWereSet(problem, prefixed)));
  }
}

/** A problem is to name the variable that somebody has set. */
function asTheyWereSet(problem: string, prefixed: Environment): string {
  return problem.replaceAll(/\b[A-Z][A-Z\d]*(?:_[A-Z\d]+)+\b/g, (name) =>
    prefixed[name] === undefined ? name : `${PREFIX}${name}`,
  );
}

/** Without a value a variable says nothing, as elsewhere. */
function pick(environment: Environment, nameOf: (name: string) => string | null): Environment {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => {
      const own = nameOf(name);
      return own === null || value?.trim() === '' ? [] : [[own, value]];
    }),
  );
}
