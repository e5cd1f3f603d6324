import path from 'node:path';
import { logLevels, type Environment } from '../src/settings';
import { cleanUp, load, TOKEN } from './settings-support';

/** Which of the places where a setting can stand is the one in force. */

afterEach(cleanUp);

const at = (settings: object, keys: string): unknown =>
  keys.split('.').reduce<unknown>((node, key) => Reflect.get(Object(node), key), settings);

describe('what is in force', () => {
  it('is the table of defaults for a bot that has a token and nothing else', () => {
    expect(load()).toEqual({
      profile: 'development',
      discord: { token: TOKEN, apiUrl: null, ownerIds: [], shards: 'auto', shardIds: null, shardCount: null },
      commands: { directories: null, guildIds: [], timeoutSeconds: 60, textPrefix: null },
      database: { url: 'file:data/telltale.db' },
      stats: { public: false, retentionDays: 90, userHashKey: null, eraseLeftServers: false },
      log: {
        level: null,
        consoleLevel: null,
        fileLevel: null,
        directory: 'logs',
        maxSize: 10 * 1024 * 1024,
        backupCount: 5,
        compress: false,
        format: 'pretty',
      },
      metrics: { enabled: true, host: '127.0.0.1', port: 9464, token: null, lingerSeconds: 15 },
      sentry: { dsn: null, environment: null },
      links: { trace: null, sentry: null },
      tracing: {
        exporter: 'otlp',
        protocol: 'http/json',
        endpoint: null,
        tracesEndpoint: null,
        headers: {},
        timeoutMs: 10_000,
        compression: 'none',
        tls: { certificate: null, clientCertificate: null, clientKey: null },
        disabled: false,
        sampler: 'parentbased_always_on',
        samplerRatio: 1,
        serviceName: null,
        resourceAttributes: {},
        queue: { delayMs: 5000, maxSize: 2048, maxBatchSize: 512, exportTimeoutMs: 30_000 },
      },
      shutdownTimeoutSeconds: 10,
    });
  });

  it('is a prefix for text commands only where one is set', () => {
    expect(load({ environment: { TEXT_PREFIX: ' ! ' } }).commands.textPrefix).toBe('!');
    expect(load({ environment: { TEXT_PREFIX: '' } }).commands.textPrefix).toBeNull();
  });

  it('is JSON on the console of production, where a collector reads it', () => {
    expect(load({ environment: { NODE_ENV: 'production' } })).toMatchObject({
      profile: 'production',
      log: { format: 'json' },
    });
  });

  it('is local.yaml over the profile over the default, each for its own keys alone', () => {
    const { log } = load({
      environment: { NODE_ENV: 'staging' },
      files: {
        'config/staging.yaml': 'log: { level: warn, backupCount: 7, directory: staging }',
        'config/local.yaml': 'log: { backupCount: 8 }',
      },
    });
    expect(log).toMatchObject({ level: 'warn', backupCount: 8, directory: 'staging', format: 'pretty' });
  });

  it('is .env over the files, and the environment over .env', () => {
    const settings = load({
      files: {
        'config/local.yaml': 'metrics: { port: 1, host: 10.0.0.1 }\nlog: { backupCount: 3 }',
        '.env': 'METRICS_PORT=2\nMETRICS_HOST=10.0.0.2\n# a comment\nNODE_ENV="production"',
      },
      environment: { METRICS_PORT: '3' },
    });
    expect(settings.metrics).toMatchObject({ port: 3, host: '10.0.0.2' });
    expect(settings.log.backupCount).toBe(3);
    expect(settings.profile).toBe('production');
  });

  it('is not what an empty variable says, as compose files pass them', () => {
    const { metrics, log } = load({
      files: { 'config/local.yaml': 'metrics: { port: 7 }' },
      environment: { METRICS_PORT: '', LOG_LEVEL: '  ', METRICS_TOKEN: '' },
    });
    expect([metrics.port, log.level, metrics.token]).toEqual([7, null, null]);
  });

  it('is what .env says where the environment has the variable, but empty', () => {
    const { metrics } = load({ files: { '.env': 'METRICS_PORT=2' }, environment: { METRICS_PORT: '' } });
    expect(metrics.port).toBe(2);
  });

  it.each([
    ['DISCORD_API_URL', 'http://127.0.0.1:1/api/', 'discord.apiUrl', 'http://127.0.0.1:1/api'],
    ['BOT_OWNER_IDS', '123456789012345678, 223456789012345678', 'discord.ownerIds.1', '223456789012345678'],
    ['SHARDS', '4', 'discord.shards', 4],
    ['COMMANDS_DIRECTORY', ['a', 'b'].join(path.delimiter), 'commands.directories.1', 'b'],
    ['COMMANDS_GUILD_IDS', '123456789012345678', 'commands.guildIds.0', '123456789012345678'],
    ['COMMAND_TIMEOUT_SECONDS', '1.5', 'commands.timeoutSeconds', 1.5],
    ['STATS_PUBLIC', 'true', 'stats.public', true],
    ['LOG_LEVEL', 'WARN', 'log.level', 'warn'],
    ['LOG_CONSOLE_LEVEL', 'error', 'log.consoleLevel', 'error'],
    ['LOG_FILE_LEVEL', 'debug', 'log.fileLevel', 'debug'],
    ['LOG_DIRECTORY', '/var/log/bot', 'log.directory', '/var/log/bot'],
    ['LOG_MAX_SIZE', '10MB', 'log.maxSize', 10_485_760],
    ['LOG_BACKUP_COUNT', '0', 'log.backupCount', 0],
    ['LOG_COMPRESS', 'yes', 'log.compress', true],
    ['LOG_FORMAT', 'ecs', 'log.format', 'ecs'],
    ['ENABLE_METRICS', 'false', 'metrics.enabled', false],
    ['METRICS_HOST', '0.0.0.0', 'metrics.host', '0.0.0.0'],
    ['METRICS_PORT', '0', 'metrics.port', 0],
    ['METRICS_TOKEN', '12345', 'metrics.token', '12345'],
    ['METRICS_LINGER_SECONDS', '0', 'metrics.lingerSeconds', 0],
    ['SENTRY_DSN', 'https://key@o1.ingest.sentry.io/2', 'sentry.dsn', 'https://key@o1.ingest.sentry.io/2'],
    ['SENTRY_ENVIRONMENT', 'staging', 'sentry.environment', 'staging'],
    ['TRACE_URL_TEMPLATE', 'http://tempo/{traceId}', 'links.trace', 'http://tempo/{traceId}'],
    ['SENTRY_URL_TEMPLATE', 'http://sentry/{traceId}', 'links.sentry', 'http://sentry/{traceId}'],
    ['SHUTDOWN_TIMEOUT_SECONDS', '0.5', 'shutdownTimeoutSeconds', 0.5],
  ])('is what %s=%s says', (variable, text, keys, value) => {
    expect(at(load({ environment: { [variable]: text } }), keys)).toBe(value);
  });

  it('is one part of a fleet where SHARD_IDS and SHARD_COUNT say so', () => {
    const { discord } = load({ environment: { SHARD_IDS: '4-6, 9', SHARD_COUNT: '10' } });
    expect(discord).toMatchObject({ shardIds: [4, 5, 6, 9], shardCount: 10 });
  });

  it('cannot be changed afterwards, at any depth', () => {
    const settings = load({ environment: { BOT_OWNER_IDS: '123456789012345678' } });
    const parts = [settings, settings.discord, settings.discord.ownerIds, settings.log, settings.metrics];
    expect(parts.filter((part) => !Object.isFrozen(part))).toEqual([]);
  });
});

describe('levels', () => {
  it.each([
    [{}, 'info', 'debug'],
    [{ LOG_LEVEL: 'warn' }, 'warn', 'warn'],
    [{ LOG_LEVEL: 'warn', LOG_FILE_LEVEL: 'info' }, 'warn', 'info'],
    [{ LOG_CONSOLE_LEVEL: 'error' }, 'error', 'debug'],
    [{ LOG_CONSOLE_LEVEL: 'debug', LOG_FILE_LEVEL: 'error', LOG_LEVEL: 'warn' }, 'debug', 'error'],
  ])('of %j are each destination’s own', (environment: Environment, console, file) => {
    expect(logLevels(load({ environment }))).toEqual({ console, file });
  });
});
