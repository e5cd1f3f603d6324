import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** Commands that the pretend users type in a second, together; 0: there are none. */
  readonly rate: number;
  /** Seconds after which the demo stops by itself; null: when it is told to. */
  readonly seconds: number | null;
  /** The bot's HTTP port; null: 9464, or another one if that is taken. */
  readonly port: number | null;
  readonly verbose: boolean;
}

export const HELP = `The whole of Telltale on this machine: a simulated Discord, the bot, and users who type commands.

  npm run demo -- [options]

  --rate <n>      commands a second that the pretend users type, 0.1 to 50 (default 2)
  --quiet-users   no pretend users: you are alone
  --seconds <n>   stop after so many seconds, with a summary (default: on Ctrl-C)
  --port <n>      the bot's HTTP port, 0 for any (default 9464, or another one if that is taken)
  --verbose       show everything the bot writes to its console
  --help          this text

Of the bot's settings these reach it, set in the environment; no others do:

  LOG_DIRECTORY       where its logs go, and stay (default: a directory that goes with the demo)
  LOG_MAX_SIZE, LOG_BACKUP_COUNT, LOG_COMPRESS
                      when a log file is full, how many older ones are kept, and whether compressed
  OTEL_…, TRACE_URL_TEMPLATE
                      where traces go, and how /trace links to them (docs/tracing.md)
  SENTRY_…            where errors go (docs/errors.md)
  GIT_COMMIT          the commit that runs: another one is another release
  DATABASE_URL        keeps the statistics: file:keep.db, or postgres://…
  COMMANDS_DIRECTORY  commands of your own, beside those of the demo
`;

const DEFAULT_RATE = 2;
const MAX_SECONDS = 86_400;

const OPTIONS = {
  rate: { type: 'string' },
  'quiet-users': { type: 'boolean', default: false },
  seconds: { type: 'string' },
  port: { type: 'string' },
  verbose: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/**
 * Reads the arguments of the command line; null if they ask for help.
 *
 * @throws Error with a message for the user.
 */
export function parseOptions(args: readonly string[]): DemoOptions | null {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  if (values.help) return null;
  if (values['quiet-users'] && values.rate !== undefined) {
    throw new Error('--rate and --quiet-users do not go together.');
  }
  const rate = numberOf('rate', values.rate, { min: 0.1, max: 50 }) ?? DEFAULT_RATE;
  return {
    rate: values['quiet-users'] ? 0 : rate,
    seconds: numberOf('seconds', values.seconds, { min: 0.1, max: MAX_SECONDS }),
    port: numberOf('port', values.port, { min: 0, max: 65_535, whole: true }),
    verbose: values.verbose,
  };
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly whole?: true;
}

function numberOf(name: string, text: string | undefined, { min, max, whole }: Bounds): number | null {
  if (text === undefined) return null;
  const value = text.trim() === '' ? NaN : Number(text);
  if (value >= min && value <= max && (whole !== true || Number.isInteger(value))) return value;
  throw new Error(
    `--${name} should be a ${whole === true ? 'whole ' : ''}number from ${min} to ${max}, not "${text}".`,
  );
}
