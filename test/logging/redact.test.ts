import { REDACTED, createRedactor } from '../../src/logging/redact';
import { cleanUp, lines, open, parse } from './support';

afterEach(cleanUp);

const ID = '118000000000000000';
// Put together here, so that no scanner takes them for the real thing.
const BOT_TOKEN = ['MTE4MDAwMDAwMDAwMDAwMDAwMQ', 'GxY-z1', 'aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789_-'].join(
  '.',
);
const SECRETS: readonly (readonly [text: string, secret: string])[] = [
  [`login with ${BOT_TOKEN} failed`, BOT_TOKEN],
  ['Authorization: Bot abc.def.ghi', 'abc.def.ghi'],
  ['sent Bot abcd.efgh.ijkl', 'abcd.efgh.ijkl'],
  ['header Bearer s3cr3t-t0ken', 's3cr3t-t0ken'],
  ['{"headers":{"authorization":"Bearer abc"},"a":1}', 'abc"'],
  ['{\\"token\\":\\"quoted twice\\"}', 'quoted twice'],
  ['Authorization: Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
  ['Cookie: a=first; session=second', 'second'],
  [`https://discord.com/api/v10/webhooks/${ID}/AbC-dEf_123?wait=true`, 'AbC-dEf_123'],
  [`https://discordapp.com/api/webhooks/${ID}/AbC-dEf_123/messages/@original`, 'AbC-dEf_123'],
  ['https://hooks.slack.com/services/T0000/B0000/XyZ123', 'XyZ123'],
  [`POST /api/v10/interactions/${ID}/aW5-tok_en/callback 404`, 'aW5-tok_en'],
  ['got aW50ZXJhY3Rpb246MTE4MDAwMDAw in state', 'MTE4MDAwMDAw'],
  ['connect postgres://bot:p%40ss@db:5432/x', 'p%40ss'],
  ['connect postgres://bot:p@ss@db:5432/x', 'ss@'],
  ['dsn https://0123abcd@o1.ingest.sentry.io/2', '0123abcd'],
  ['mail to jane.doe+x@example.co.uk failed', 'jane.doe'],
  ['mail to jürgen@exämple.de failed', 'rgen'],
  ['?api_key=k1k2k3&x=1', 'k1k2k3'],
  ['{"password":"two words"}', 'words'],
  ["{ password: 'two words' }", 'words'],
  ['PASSWORD=hunter2', 'hunter2'],
];

describe('redaction', () => {
  const redactor = createRedactor(['exact secret/value', '', 'abc']);

  it.each(SECRETS)('takes the secret out of %p', (text, secret) => {
    const redacted = redactor.text(text);
    expect(redacted).toContain(REDACTED);
    expect(redacted).not.toContain(secret);
    expect(redactor.text(redacted)).toBe(redacted);
  });

  it('takes out the exact secrets in each spelling, and is not fooled by empty or tiny ones', () => {
    const secret = 'exact secret/value';
    const spellings = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
    for (const spelling of spellings) expect(redactor.text(`<${spelling}>`)).toBe(`<${REDACTED}>`);
    expect(redactor.text('the abc of it')).toBe('the abc of it');
  });

  it.each([
    'command settled in 12.5 ms',
    'Bot is ready in 3 servers',
    'Bot stats-overview loaded',
    `PATCH /webhooks/:id/:token/messages/@original`,
    `GET /channels/${ID}/messages/${ID}`,
    'at Object.<anonymous> (/app/node_modules/.pnpm/discord.js@14.28.1/node_modules/discord.js/src/index.js:10:5)',
    'trace 0af7651916cd43dd8448eb211c80319c',
    'An invalid token was provided.',
    'https://example.org:8080/path?x=1',
    '2026-01-31T10:00:00.000Z',
  ])('leaves %p as it is', (text) => expect(redactor.text(text)).toBe(text));

  it('takes no longer than a moment for the longest and worst of texts', () => {
    const started = performance.now();
    for (const unit of [
      'a',
      '@',
      'a@',
      '.',
      'token',
      'token=',
      'a.',
      '://',
      'cookie:',
      '"',
      '\\"token\\":\\"',
      'bot ',
    ]) {
      redactor.text(`@token ${unit.repeat(17_000 / unit.length)}`);
    }
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('what leaves', () => {
  const secret = 'v3ry-s3cret-t0ken';

  it.each(['pretty', 'json', 'ecs'] as const)(
    'holds no secret in any place of a line, on a %s console',
    async (format) => {
      const { logging, screen, directory } = open({ format, secrets: [secret] });
      const error = Object.assign(new Error(`no ${secret}`, { cause: new Error(`cause ${secret}`) }), {
        code: secret,
      });
      error.name = secret;
      logging.logger('main').error(`message ${secret}`, {
        plain: secret,
        nested: { list: [{ deep: `x${secret}x` }] },
        [secret]: 'a key',
        error,
        aggregate: new AggregateError([new Error(secret)], secret),
        thrown: { toJSON: () => ({ secret }) },
        map: new Map([[secret, secret]]),
      });
      logging.logger('main').error('thrown', { error: secret });
      await logging.close();
      const files = JSON.stringify([...lines(directory), ...lines(directory, 'error')]);
      expect(lines(directory)).toHaveLength(2);
      expect(screen.text + files).not.toContain(secret);
    },
  );

  it('holds nothing that stands under a name of a secret, whatever it is', async () => {
    const { logging, screen } = open();
    const names = [
      'authorization',
      'botToken',
      'PASSWORD',
      'client_secret',
      'set-cookie',
      'sentryDsn',
      'apiKey',
      'x-api-key',
    ];
    logging
      .logger('main')
      .info('names', { headers: Object.fromEntries(names.map((name) => [name, { value: 'hidden' }])) });
    await logging.close();
    expect(parse(screen.text)[0]?.headers).toEqual(Object.fromEntries(names.map((name) => [name, REDACTED])));
  });
});
