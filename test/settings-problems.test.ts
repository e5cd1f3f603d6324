import path from 'node:path';
import type { Settings } from '../src/settings';
import { cleanUp, load, local, problemsOf, TOKEN, workplace, type Given } from './settings-support';

/** What a bot that cannot start says. */

afterEach(cleanUp);

describe('the token', () => {
  it('comes from a file as secrets are mounted, with a line break at its end', () => {
    const directory = workplace({ token: `${TOKEN}\n` });
    const environment = { DISCORD_TOKEN: '', DISCORD_TOKEN_FILE: path.join(directory, 'token') };
    expect(load({ environment }, directory).discord.token).toBe(TOKEN);
  });

  it('is taken as people paste it: with "Bot " before it, or white space around it', () => {
    expect(load({ environment: { DISCORD_TOKEN: ` Bot ${TOKEN} ` } }).discord.token).toBe(TOKEN);
  });

  it('in a file that cannot be read names that file, and nothing else', () => {
    const problems = problemsOf({ environment: { DISCORD_TOKEN: '', DISCORD_TOKEN_FILE: '/no/such/file' } });
    expect(problems).toEqual([expect.stringMatching(/^DISCORD_TOKEN_FILE names "\/no\/such\/file".*ENOENT/)]);
  });

  it('that is missing says where to get one, and that the demo needs none', () => {
    const [problem = '', ...others] = problemsOf({ environment: { DISCORD_TOKEN: ' ' } });
    expect(others).toEqual([]);
    for (const word of ['DISCORD_TOKEN', 'npm run demo', '.env', 'DISCORD_TOKEN_FILE']) {
      expect(problem).toContain(word);
    }
  });

  it.each([
    ['of two words', { environment: { DISCORD_TOKEN: `${TOKEN} x` } }],
    ['for the metrics, as a list', local(`metrics: { token: [${TOKEN}] }`)],
    ['as a list', local(`discord: { token: [${TOKEN}] }`)],
    ['in the place of a section', local(`discord: ${TOKEN}`)],
    ['in a file that is no YAML', local(`discord:\n  token: ${TOKEN}\n shards: 1\n`)],
  ])('never stands in a message: one %s', (_, given: Given) => {
    const problems = problemsOf(given);
    expect(problems).not.toEqual([]);
    expect(problems.join('\n')).not.toContain(TOKEN);
  });
});

it('neither the password of a database nor the key of the hashes stands in a message', () => {
  const environment = { DATABASE_URL: 'mysql://me:hunter2@db/x', STATS_USER_HASH_KEY: 'shorty77' };
  const text = problemsOf({ environment }).join('\n');
  expect(text).toMatch(/DATABASE_URL .*should be .*STATS_USER_HASH_KEY .*should be /s);
  expect(text).not.toMatch(/hunter2|shorty77/);
});

it('a DSN that is none is not shown, but what one looks like', () => {
  const SENTRY_DSN = 'https://0123abcd@münchen.example/1';
  const text = problemsOf({ environment: { SENTRY_DSN } }).join('\n');
  expect(text).toContain('such as https://key@o1.ingest.sentry.io/2; the value was found in the environment');
  expect(text).not.toMatch(/0123abcd|münchen/);
});

it('a template of Sentry’s links is told what Sentry’s look like', () => {
  const [problem] = problemsOf({ environment: { SENTRY_URL_TEMPLATE: 'https://example.sentry.io/' } });
  expect(problem).toContain('such as https://example.sentry.io/issues/?query=trace_id:{traceId}');
});

it('an id written in YAML as a number is exact or refused, never that of somebody else', () => {
  const given = { files: { 'config/local.yaml': 'discord: { ownerIds: [123456789012345679] }' } };
  const problems = problemsOf(given);
  if (problems.length === 0) expect(load(given).discord.ownerIds).toEqual(['123456789012345679']);
  else expect(problems).toEqual([expect.stringContaining('BOT_OWNER_IDS')]);
});

describe('problems', () => {
  it('are named all at once: each variable or key, what it should be, what was found and where', () => {
    const problems = problemsOf({
      environment: { DISCORD_TOKEN: '', METRICS_PORT: 'abc', LOG_LEVEL: 'loud', SHARD_IDS: '0-3' },
      files: { 'config/local.yaml': 'log: { maxSize: ten, colour: red }\nstats: { public: perhaps }' },
    });
    const expected = [
      /^DISCORD_TOKEN is not set/,
      /^METRICS_PORT \(metrics\.port\) should be a whole number from 0 to 65535; "abc" was found in the environment\.$/,
      /^LOG_LEVEL \(log\.level\) should be one of error, warn, info, debug; "loud" was found in the environment\.$/,
      /^LOG_MAX_SIZE \(log\.maxSize\) should be a size .*; "ten" was found in .*local\.yaml\.$/,
      /^log\.colour in .*local\.yaml is no setting/,
      /^STATS_PUBLIC \(stats\.public\) should be true or false; "perhaps" was found in .*local\.yaml\.$/,
      /^SHARD_COUNT should say/,
    ];
    for (const pattern of expected) expect(problems).toContainEqual(expect.stringMatching(pattern));
    expect(problems).toHaveLength(expected.length);
  });

  it('stand in one message that a terminal shows whole', () => {
    const start = (): Settings => load({ environment: { METRICS_PORT: 'abc', LOG_FORMAT: 'xml' } });
    expect(start).toThrow(/^Telltale cannot start, for 2 settings are wrong:\n {2}.*\n {2}.*$/);
  });

  it.each([
    ['config/local.yaml', 'colour: red', 'colour'],
    ['config/development.yaml', 'discord: { shard: 1 }', 'discord.shard'],
    ['config/default.yaml', 'metrics: { prot: 1 }', 'metrics.prot'],
  ])('in %s, a key that is none (%s), is named with that very file', (file, text, key) => {
    const problems = problemsOf({ files: { [file]: text } });
    expect(problems).toContainEqual(
      expect.stringMatching(new RegExp(`^${key} in .*${path.basename(file)} is`)),
    );
  });

  it.each([
    ['a tab', 'log:\n\tlevel: info'],
    ['a key twice', 'log: { level: info }\nlog: { level: warn }'],
    ['a list', '- log'],
    ['a word', 'log'],
  ])('of a file that is no settings (%s) name that file', (_, text) => {
    expect(problemsOf({ files: { 'config/local.yaml': text } })).toEqual([
      expect.stringContaining('local.yaml'),
    ]);
  });

  it.each([
    [{ SHARD_IDS: '0,1' }, /^SHARD_COUNT should say/],
    [{ SHARD_IDS: '0,4,5', SHARD_COUNT: '4' }, /^SHARD_IDS should be below SHARD_COUNT \(4\): 4, 5$/],
    [{ SHARD_IDS: '3-1', SHARD_COUNT: '4' }, /^SHARD_IDS \(discord\.shardIds\) should be numbers of shards/],
  ])('of a fleet: %j', (environment, problem) => {
    expect(problemsOf({ environment })).toEqual([expect.stringMatching(problem)]);
  });
});

it('a token file that is empty is named', () => {
  const directory = workplace({ token: ' \n' });
  const environment = { DISCORD_TOKEN: '', DISCORD_TOKEN_FILE: path.join(directory, 'token') };
  expect(problemsOf({ environment })).toEqual([
    expect.stringMatching(/^DISCORD_TOKEN_FILE names ".*", which is empty/),
  ]);
});

it('a token that was put in other places too is printed from none of them', () => {
  const problems = problemsOf({
    environment: { BOT_OWNER_IDS: TOKEN, DISCORD_API_URL: `ftp://user:hunter2@${TOKEN}` },
  }).join('\n');
  expect(problems).toContain('BOT_OWNER_IDS');
  expect(problems).not.toContain(TOKEN);
  expect(problems).not.toContain('hunter2');
});
