import path from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a program needs of its surroundings. All else (proxies, NODE_OPTIONS, a real bot's settings) stays outside. */
const PASSED_ON = [
  'PATH',
  'HOME',
  'USERPROFILE',
  'SystemRoot',
  'TMPDIR',
  'TEMP',
  'TMP',
  'LANG',
  'LC_ALL',
  'TZ',
];

/** Settings of the bot that are worth a trial: of its log files, and of where its traces and errors go. */
const SETTINGS_PASSED_ON =
  /^(?:LOG_MAX_SIZE|LOG_BACKUP_COUNT|LOG_COMPRESS|OTEL_\w+|SENTRY_\w+|TRACE_URL_TEMPLATE|GIT_COMMIT)$/;
/** Those of them that name files. */
const FILES = /^OTEL_EXPORTER_OTLP_(?:TRACES_)?(?:CERTIFICATE|CLIENT_CERTIFICATE|CLIENT_KEY)$/;

export interface BotSettings {
  /** Where the user is: what files are relative to. */
  readonly workingDirectory: string;
  readonly token: string;
  readonly apiUrl: string;
  /** As in `PATH`. */
  readonly commandsDirectory: string;
  readonly configDirectory: string;
  readonly logDirectory: string;
  readonly metricsPort: number;
  /** Null: in the working directory. */
  readonly databaseUrl: string | null;
  readonly shutdownTimeoutSeconds: number;
}

/** The whole environment of the bot's process. */
export function botEnvironment(surroundings: Environment, settings: BotSettings): Record<string, string> {
  const passedOn = Object.entries(surroundings).flatMap(([name, value]) => {
    if (value === undefined || !(PASSED_ON.includes(name) || SETTINGS_PASSED_ON.test(name))) return [];
    const isFile = FILES.test(name) && value.trim() !== '';
    return [[name, isFile ? path.resolve(settings.workingDirectory, value.trim()) : value] as const];
  });
  return {
    ...Object.fromEntries(passedOn),
    NODE_ENV: 'development',
    NODE_CONFIG_DIR: settings.configDirectory,
    DISCORD_TOKEN: settings.token,
    DISCORD_API_URL: settings.apiUrl,
    COMMANDS_DIRECTORY: settings.commandsDirectory,
    // The demo reads the console line by line, to show what goes wrong; people read the files.
    LOG_FORMAT: 'json',
    LOG_CONSOLE_LEVEL: 'info',
    LOG_FILE_LEVEL: 'debug',
    LOG_DIRECTORY: settings.logDirectory,
    ...(settings.databaseUrl === null ? {} : { DATABASE_URL: settings.databaseUrl }),
    METRICS_PORT: String(settings.metricsPort),
    METRICS_LINGER_SECONDS: '0',
    SHUTDOWN_TIMEOUT_SECONDS: String(settings.shutdownTimeoutSeconds),
  };
}
