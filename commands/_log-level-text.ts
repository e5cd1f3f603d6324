import type { CommandContext } from '../src/discord/command';
import type { Messages } from '../src/discord/messages';
import type { LevelChange } from '../src/logging/level-changes';
import { clipLines, code } from './_text';

type Text = Messages['logLevel'];

/** What a message takes. */
const MESSAGE_LENGTH = 2000;

/** The levels of the settings, and the changes that run, newest first. */
export function levelsText({ settings, changes }: CommandContext['logLevels'], text: Text): string {
  const { console, files } = text.wheres;
  const base = `**${text.settings}** ${console} ${code(settings.console)}, ${files} ${code(settings.file)}`;
  const running = changes().map((change) => changeText(change, text));
  const lines = [base, ...(running.length === 0 ? [text.unchanged] : running.reverse())];
  return clipLines(lines, MESSAGE_LENGTH, text.more);
}

/** A change in a line: of what, to which level, where, until when, and whose it is. */
function changeText({ logger, level, destinations, endsAt, by }: LevelChange, text: Text): string {
  const who = /^\d+$/.test(by) ? `<@${by}>` : code(by);
  const [first] = destinations;
  const where = destinations.length > 1 ? 'both' : first === 'file' ? 'files' : 'console';
  const target = logger === null ? `**${text.allLoggers}**` : code(logger);
  return `${target} ${code(level)} (${text.wheres[where]}), ${text.ends(endsAt / 1000)}, ${text.by(who)}`;
}
