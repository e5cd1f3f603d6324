import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { LOG_FORMATS } from './logging/logger';
import { at, branch, merge, readFiles, type Layer, type Tree } from './setting-layers';
import * as value from './setting-values';
import { PROTOCOLS } from './tracing/protocols';

/** Files by profile, overridden by the environment: one typed, frozen result, or every problem at once. */

export type Environment = Readonly<Record<string, string | undefined>>;

/** OpenTelemetry's names. No interaction has a parent in another service: those that ask a parent do as the root says. */
const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

const schema = z.strictObject({
  discord: z.strictObject({
    token: value.token(),
    apiUrl: value.url(['http', 'https']).nullable(),
    ownerIds: value.snowflakes(),
    shards: value.shards(),
    shardIds: value.shardIds().nullable(),
    shardCount: value.number(1, 100_000).nullable(),
  }),
  commands: z.strictObject({
    directories: value.paths(path.delimiter).nullable(),
    guildIds: value.snowflakes(),
    timeoutSeconds: value.number(0.1, 900, { whole: false, unit: 'seconds' }),
    textPrefix: value.string().nullable(),
  }),
  database: z.strictObject({ url: value.databaseUrl() }),
  stats: z.strictObject({
    public: value.flag(),
    retentionDays: value.number(1, 3650, { unit: 'days' }),
    userHashKey: value.secret(16).nullable(),
    eraseLeftServers: value.flag(),
  }),
  log: z.strictObject({
    level: value.level().nullable(),
    consoleLevel: value.level().nullable(),
    fileLevel: value.level().nullable(),
    directory: value.string(),
    maxSize: value.bytes(),
    backupCount: value.number(0, 10_000),
    compress: value.flag(),
    format: value.oneOf(LOG_FORMATS),
  }),
  metrics: z.strictObject({
    enabled: value.flag(),
    host: value.host(),
    port: value.number(0, 65_535),
    token: value.string().nullable(),
    lingerSeconds: value.number(0, 300, { unit: 'seconds' }),
  }),
  sentry: z.strictObject({
    dsn: value.dsn().nullable(),
    environment: value.string().nullable(),
  }),
  links: z.strictObject({
    trace: value.traceLink('https://jaeger.example.org/trace/{traceId}').nullable(),
    sentry: value.traceLink('https://example.sentry.io/issues/?query=trace_id:{traceId}').nullable(),
  }),
  tracing: z.strictObject({
    exporter: value.oneOf(['otlp', 'none']),
    endpoint: value.otlpEndpoint().nullable(),
    tracesEndpoint: value.otlpTracesEndpoint().nullable(),
    protocol: value.oneOf(PROTOCOLS, ', not gRPC: OTLP over HTTP is most often on port 4318, not 4317'),
    headers: value.headers(),
    timeoutMs: value.number(1, 600_000, { unit: 'milliseconds' }),
    compression: value.oneOf(['none', 'gzip']),
    tls: z.strictObject({
      certificate: value.pemFile().nullable(),
      clientCertificate: value.pemFile().nullable(),
      clientKey: value.pemFile().nullable(),
    }),
    disabled: value.flag(),
    sampler: value.oneOf(SAMPLERS),
    samplerRatio: value.number(0, 1, { whole: false }),
    serviceName: value.string().nullable(),
    resourceAttributes: value.keyValues(),
    queue: z.strictObject({
      delayMs: value.number(1, 600_000, { unit: 'milliseconds' }),
      maxSize: value.number(1, 1_000_000, { unit: 'spans' }),
      maxBatchSize: value.number(1, 100_000, { unit: 'spans' }),
      exportTimeoutMs: value.number(1, 600_000, { unit: 'milliseconds' }),
    }),
  }),
  shutdownTimeoutSeconds: value.number(0, 600, { whole: false, unit: 'seconds' }),
});
export type Settings = Readonly<z.infer<typeof schema>> & { readonly profile: string };

/**
 * Which variable sets which value: of several the last that is set. A variable that is empty counts as not set.
 */
const VARIABLES: Readonly<Record<string, string>> = {
  DISCORD_TOKEN: 'discord.token',
  DISCORD_API_URL: 'discord.apiUrl',
  BOT_OWNER_IDS: 'discord.ownerIds',
  SHARDS: 'discord.shards',
  SHARD_IDS: 'discord.shardIds',
  SHARD_COUNT: 'discord.shardCount',
  COMMANDS_DIRECTORY: 'commands.directories',
  COMMANDS_GUILD_IDS: 'commands.guildIds',
  COMMAND_TIMEOUT_SECONDS: 'commands.timeoutSeconds',
  TEXT_PREFIX: 'commands.textPrefix',
  DATABASE_URL: 'database.url',
  STATS_PUBLIC: 'stats.public',
  STATS_RETENTION_DAYS: 'stats.retentionDays',
  STATS_USER_HASH_KEY: 'stats.userHashKey',
  STATS_ERASE_LEFT_SERVERS: 'stats.eraseLeftServers',
  LOG_LEVEL: 'log.level',
  LOG_CONSOLE_LEVEL: 'log.consoleLevel',
  LOG_FILE_LEVEL: 'log.fileLevel',
  LOG_DIRECTORY: 'log.directory',
  LOG_MAX_SIZE: 'log.maxSize',
  LOG_BACKUP_COUNT: 'log.backupCount',
  LOG_COMPRESS: 'log.compress',
  LOG_FORMAT: 'log.format',
  ENABLE_METRICS: 'metrics.enabled',
  METRICS_HOST: 'metrics.host',
  METRICS_PORT: 'metrics.port',
  METRICS_TOKEN: 'metrics.token',
  METRICS_LINGER_SECONDS: 'metrics.lingerSeconds',
  SENTRY_DSN: 'sentry.dsn',
  SENTRY_ENVIRONMENT: 'sentry.environment',
  TRACE_URL_TEMPLATE: 'links.trace',
  SENTRY_URL_TEMPLATE: 'links.sentry',
  OTEL_TRACES_EXPORTER: 'tracing.exporter',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'tracing.endpoint',
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'tracing.tracesEndpoint',
  OTEL_EXPORTER_OTLP_PROTOCOL: 'tracing.protocol',
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'tracing.protocol',
  OTEL_EXPORTER_OTLP_HEADERS: 'tracing.headers',
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'tracing.headers',
  OTEL_EXPORTER_OTLP_TIMEOUT: 'tracing.timeoutMs',
  OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: 'tracing.timeoutMs',
  OTEL_EXPORTER_OTLP_COMPRESSION: 'tracing.compression',
  OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: 'tracing.compression',
  OTEL_EXPORTER_OTLP_CERTIFICATE: 'tracing.tls.certificate',
  OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE: 'tracing.tls.certificate',
  OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: 'tracing.tls.clientCertificate',
  OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE: 'tracing.tls.clientCertificate',
  OTEL_EXPORTER_OTLP_CLIENT_KEY: 'tracing.tls.clientKey',
  OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY: 'tracing.tls.clientKey',
  OTEL_SDK_DISABLED: 'tracing.disabled',
  OTEL_TRACES_SAMPLER: 'tracing.sampler',
  OTEL_TRACES_SAMPLER_ARG: 'tracing.samplerRatio',
  OTEL_SERVICE_NAME: 'tracing.serviceName',
  OTEL_RESOURCE_ATTRIBUTES: 'tracing.resourceAttributes',
  OTEL_BSP_SCHEDULE_DELAY: 'tracing.queue.delayMs',
  OTEL_BSP_MAX_QUEUE_SIZE: 'tracing.queue.maxSize',
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: 'tracing.queue.maxBatchSize',
  OTEL_BSP_EXPORT_TIMEOUT: 'tracing.queue.exportTimeoutMs',
  SHUTDOWN_TIMEOUT_SECONDS: 'shutdownTimeoutSeconds',
};

/** Settings that are wrong. `problems` names each: the variable or key, where it was set, what it should be. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  constructor(readonly problems: readonly string[]) {
    super(
      problems.length === 1
        ? `Telltale cannot start, for a setting is wrong:\n  ${problems.join('\n  ')}`
        : `Telltale cannot start, for ${problems.length} settings are wrong:\n  ${problems.join('\n  ')}`,
    );
  }
}

const NO_TOKEN = [
  'DISCORD_TOKEN is not set.',
  '    To see Telltale at work at once, with no account: npm run demo',
  '    To run it on Discord: make an application at https://discord.com/developers/applications, copy the token',
  '    from its "Bot" page into a file named .env as DISCORD_TOKEN=…, and start again.',
  '    A token kept in a file (Docker, Kubernetes) is named by DISCORD_TOKEN_FILE.',
].join('\n');

interface Sources {
  readonly environment: Environment;
  /** Holds `.env`; relative paths are resolved against it. */
  readonly workingDirectory: string;
  /** Holds `default.yaml`, and a file for each profile. */
  readonly configDirectory: string;
}

/**
 * Reads `config/default.yaml`, `config/<NODE_ENV>.yaml`, `config/local.yaml`, `.env` and the environment, the later
 * over the earlier.
 *
 * @throws SettingsError with every problem there is.
 */
export function loadSettings(sources: Sources): Settings {
  const problems: string[] = [];
  const environment = withTokenFile(
    { ...dotEnv(sources.workingDirectory), ...set(sources.environment) },
    problems,
  );
  const profile = given(environment.NODE_ENV) ?? 'development';
  const files = readFiles(sources.configDirectory, profile, problems);
  const layer = withEnvironment(files, withoutUnused(environment));

  const result = schema.safeParse(layer.tree);
  for (const issue of result.error?.issues ?? []) problems.push(...describe(issue, layer, environment));
  problems.push(...shardProblems(layer));
  if (result.data === undefined || problems.length > 0) {
    throw new SettingsError(problems.map((problem) => withoutSecrets(problem, layer.tree)));
  }
  return deepFreeze({ ...result.data, profile });
}

/**
 * Where the log files are, from the same sources: all that a reader of logs wants to know, who needs no token.
 *
 * @throws SettingsError
 */
export function readLogDirectory(sources: Sources): string {
  const problems: string[] = [];
  const environment = { ...dotEnv(sources.workingDirectory), ...set(sources.environment) };
  const profile = given(environment.NODE_ENV) ?? 'development';
  const layer = withEnvironment(readFiles(sources.configDirectory, profile, problems), environment);
  const { data } = schema.shape.log.shape.directory.safeParse(at(layer.tree, 'log.directory'));
  if (data !== undefined) return data;
  throw new SettingsError([...problems, 'LOG_DIRECTORY (log.directory) should name a directory.']);
}

/** Levels of the destinations: each its own, else the general one, else info on the console and debug in files. */
export function logLevels({ log }: Pick<Settings, 'log'>) {
  return {
    console: log.consoleLevel ?? log.level ?? 'info',
    file: log.fileLevel ?? log.level ?? 'debug',
  } as const;
}

const given = (text: string | undefined): string | undefined => (text?.trim() === '' ? undefined : text);

/** Without the variables that are empty: those say nothing, and hide nothing. */
const set = (environment: Environment): Environment =>
  Object.fromEntries(Object.entries(environment).filter(([, text]) => given(text) !== undefined));

function dotEnv(directory: string): Environment {
  try {
    // Editors on Windows put a mark in front that would belong to the first name.
    return parseEnv(readFileSync(path.join(directory, '.env'), 'utf8').replace(/^\uFEFF/, ''));
  } catch {
    return {}; // There need not be one.
  }
}

function withTokenFile(environment: Environment, problems: string[]): Environment {
  const file = given(environment.DISCORD_TOKEN_FILE);
  if (file === undefined || given(environment.DISCORD_TOKEN) !== undefined) return environment;
  try {
    const token = readFileSync(file, 'utf8').trim();
    if (token !== '') return { ...environment, DISCORD_TOKEN: token };
    problems.push(`DISCORD_TOKEN_FILE names "${file}", which is empty.`);
  } catch (error) {
    problems.push(`DISCORD_TOKEN_FILE names "${file}", which cannot be read: ${(error as Error).message}`);
  }
  return { ...environment, DISCORD_TOKEN: 'unread' };
}

/**
 * Without what is set for traces where these are switched off: a host may set all of it for everybody, and none of it
 * may stop a bot that wants none.
 */
function withoutUnused(environment: Environment): Environment {
  const { OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER } = environment;
  const isOff =
    OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true' ||
    OTEL_TRACES_EXPORTER?.trim().toLowerCase() === 'none';
  if (!isOff) return environment;
  const isUnused = (name: string): boolean =>
    /^OTEL_(?:EXPORTER|BSP|TRACES_SAMPLER)/.test(name) && !name.endsWith('_ENDPOINT');
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isUnused(name)));
}

function withEnvironment(files: Layer, environment: Environment): Layer {
  const set = Object.entries(VARIABLES).flatMap(([variable, keys]) => {
    const text = given(environment[variable]);
    return text === undefined ? [] : [{ keys, text }];
  });
  return {
    tree: set.reduce((below, { keys, text }) => merge(below, branch(keys, text)), files.tree),
    origin: (keys) => (set.some((one) => one.keys === keys) ? 'the environment' : files.origin(keys)),
  };
}

function describe(issue: z.core.$ZodIssue, layer: Layer, environment: Environment): string[] {
  const keys = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const whole = keys === '' ? key : `${keys}.${key}`;
      return `${whole} in ${layer.origin(whole)} is no setting; see config/default.yaml for those there are.`;
    });
  }
  const found = at(layer.tree, keys);
  if (keys === 'discord.token' && found === undefined) return [NO_TOKEN];
  const variables = Object.keys(VARIABLES).filter((name) => VARIABLES[name] === keys);
  const isSet = (name: string): boolean => given(environment[name]) !== undefined;
  const variable = variables.findLast(isSet) ?? variables[0];
  if (variable === undefined) return [`${keys} in ${layer.origin(keys)} should hold settings by name.`];
  const shown = /token|key|dsn|database|headers|endpoint/i.test(keys) ? 'the value' : `"${String(found)}"`;
  return [`${variable} (${keys}) ${issue.message}; ${shown} was found in ${layer.origin(keys)}.`];
}

/** Not that of the example that we ourselves show. */
const KEY_OF_ADDRESS = /\/\/(?!key@o1\.ingest\.)[^/@\s"]+@/g;

/** A token that was put in the wrong place must not be printed from there. */
function withoutSecrets(problem: string, tree: Tree): string {
  const secrets = ['discord.token', 'metrics.token', 'stats.userHashKey', 'sentry.dsn'].map((keys) =>
    at(tree, keys),
  );
  return secrets
    .filter((secret) => typeof secret === 'string')
    .map((secret) => secret.trim())
    .filter((secret) => secret.length >= 6)
    .reduce((text, secret) => text.replaceAll(secret, '[redacted]'), problem)
    .replace(KEY_OF_ADDRESS, '//[redacted]@');
}

function shardProblems({ tree }: Layer): string[] {
  const ids = value.shardIds().safeParse(at(tree, 'discord.shardIds')).data;
  const count = value.number(1, Infinity).safeParse(at(tree, 'discord.shardCount')).data;
  if (ids === undefined) {
    if (at(tree, 'discord.shardIds') !== null) return []; // That they are wrong is said already.
    return count === undefined
      ? []
      : ['SHARD_IDS should say which of the SHARD_COUNT shards are for this process.'];
  }
  if (count === undefined) return ['SHARD_COUNT should say of how many shards SHARD_IDS is a part.'];
  const beyond = ids.filter((id) => id >= count);
  return beyond.length === 0
    ? []
    : [`SHARD_IDS should be below SHARD_COUNT (${count}): ${beyond.join(', ')}`];
}

function deepFreeze<T extends object>(node: T): T {
  for (const child of Object.values(node))
    if (typeof child === 'object' && child !== null) deepFreeze(child as object);
  return Object.freeze(node);
}
