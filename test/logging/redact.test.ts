import { REDACTED, createRedactor } from '../../src/logging/redact';
import { cleanUp, lines, open, parse } from './support';

afterEach(cleanUp);

const ID = '118000000000000000';
// Put together here, so that no scanner takes them for the real thing.
const BOT_TOKEN = ['MTE4MDAwMDAwMDAwMDAwMDAwMQ', 'GxY-z1', 'aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789_-'].join(
  '.',
);
const KNOWN_KEYS = [
  ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'],
  ['github', 'pat', '11ABCDEFG0a1B2c3D4e5F6'],
  ['glpat-', 'x1y2z3a4b5c6d7e8f9g0'],
  ['xoxb-', '123456789012-AbCdEfGhIjKl'],
  ['sk', 'live', '4eC39HqLyjWDarjtT1zdp7dc'],
  ['whsec', 'a1B2c3D4e5F6g7H8'],
  ['sk-', 'proj-a1B2c3D4e5F6g7H8i9J0'],
  ['AKIA', 'IOSFODNN7EXAMPLE'],
  ['AIza', 'SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q'],
  ['npm', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'],
  ['eyJ', 'hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n'],
].map(([brand = '', ...rest]) =>
  /-$|^A|^eyJ/.test(brand) ? brand + rest.join('') : [brand, ...rest].join('_'),
);
const PEM = [
  '-----BEGIN RSA',
  'PRIVATE KEY-----\nMIIBOgIBAAJBAK\nj34GkxFhD9\n-----END RSA',
  'PRIVATE KEY-----',
].join(' ');
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
  ['GET /v1?key=abc-123&x=1', 'abc-123'],
  ['https://prod-1.logic.azure.com/workflows/1?api-version=1&sig=a1%2Fb2', 'a1%2Fb2'],
  ['https://cdn.discordapp.com/attachments/1/2/a.png?ex=1&hm=0a1b2c&', '0a1b2c'],
  ['https://canary.discord.com/api/webhooks/1/AbC-dEf_123', 'AbC-dEf_123'],
  ['https://acme.webhook.office.com/webhookb2/ab-cd@ef/IncomingWebhook/12', 'IncomingWebhook'],
  ['https://hooks.zapier.com/hooks/catch/123/abc/', 'catch'],
  ['https://api.telegram.org/bot123456:AbCdEfGhIjKlMnOpQrStUvWx/sendMessage', 'AbCdEfGhIj'],
  ['redis://:p4ss@cache:6379 refused', 'p4ss'],
  ['mongodb+srv://u:p4ss@cluster0.example.net/db', 'p4ss'],
  ['smtps://alerts%40example.org:p4ss@mail.example.org:465', 'p4ss'],
  ['{"routing_key":"R01","event_action":"trigger"}', 'R01'],
  ['x-api-key: 12 34', '12'],
  ['AccountKey=ab/cd==;EndpointSuffix=x', 'ab/cd=='],
  ['session_id: 0123abcd', '0123abcd'],
  ...KNOWN_KEYS.map((key) => [`"${key}" was refused`, key] as const),
  // Cut before its end, as a text may be anywhere.
  ['body: {"password":"two words', 'words'],
  ['"{\\"password\\":\\"two words', 'words'],
  ['{\\\\\\"token\\\\\\":\\\\\\"three times\\\\\\"}', 'times'],
  [JSON.stringify(JSON.stringify({ password: 'a "quoted" word' })), 'quoted'],
  ["{ password: 'it\\'s mine' }", 'mine'],
  ["Map(1) { 'token' => 'abc-def' }", 'abc-def'],
  ['password := abc-def', 'abc-def'],
  ['password == abc-def', 'abc-def'],
  ["{ name: 'token', value: 'abc-def' }", 'abc-def'],
  ["[ 'authorization', 'abc-def' ]", 'abc-def'],
  ['[["x-api-key",["abc-def"]]]', 'abc-def'],
  ["{ tokens: [ 'a', 'abc-def' ] }", 'abc-def'],
  ['mysql --password abc-def -u root', 'abc-def'],
  ['tool --api-token=abc-def', 'abc-def'],
  ['curl -u admin:abc-def https://example.org', 'abc-def'],
  ['curl --user admin:abc-def https://example.org', 'abc-def'],
  ['Authorization: Token abc-def', 'abc-def'],
  ['Authorization: ApiKey abc-def', 'abc-def'],
  ['Authorization: Digest username="bob", response="abc-def"', 'abc-def'],
  ['{"pass":"abc-def"}', 'abc-def'],
  ["{ otp: 'abc-def' }", 'abc-def'],
  ['login?x=1 pw=abc-def', 'abc-def'],
  ['next=https%3A%2F%2Fx%2F%3Faccess_token%3Dabc-def', 'abc-def'],
  ['url=postgres%3A%2F%2Fu%3Aabc-def%40h%2Fdb', 'abc-def'],
  [String.raw`https:\/\/discord.com\/api\/webhooks\/118\/abc-def`, 'abc-def'],
  ['connect postgres://u:p/abc-def?x#y@h/db', 'abc-def'],
  [PEM, 'MIIB'],
  [JSON.stringify({ pem: PEM }), 'MIIB'],
  [PEM.slice(0, 60), 'MIIB'],
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
    'GET /api/stats?period=24h&command=ticket%20close 200',
    'the key is under the mat; the pass code is known',
    'disk-full, risk-free, task-list-with-a-very-long-name-of-its-own',
    'task-sk-1, npm_config_cache, hf_hub, eyJay.js, SG.1',
    'Metrics at http://127.0.0.1:9464/metrics, health at http://127.0.0.1:9464/healthz.',
    'a private key was found, and a webhook',
    'sha512-7gCu0mB1aN2bV3cX4zL5kJ6hG7fD8sA9pO0iU1yT2rE3wQ==',
    '@discordjs/rest@2.6.3 of discord.js@14.28.1',
    'node:internal/process/task_queues:105:5',
    'max_tokens=4096, prompt_tokens: 120',
    '{"token":null,"hasToken":true,"tokenCount":5,"token_expires_at":1700000000}',
    'tokenizer: gpt2',
    'secretary: Bob',
    'the bot my-very-long-bot-name-here-abc joined',
    'bot TelltaleDemonstrationBot connected',
    'POST /webhooks/123/:token 404',
    'GET /interactions/118/callback 204',
    'docker run -u 1000:1000 image',
    'http://localhost:9464/@scope/package',
    'pass: 5 of 5 tests',
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
      '-eyJa',
      'eyJaaaaaaaa.',
      'SG.a',
      'sk-',
      '-----BEGIN PRIVATE KEY-----',
      '?key=',
      '://hook.',
      '/bot1',
      'a.b@',
      'account ',
      'token="',
      'token=\\"\\',
      'token=[',
      'a://u:',
      ' -u a:',
      '"authorization",',
      ' --token ',
      '%3A%2F%2F',
      '\\/webhooks',
    ]) {
      redactor.text(`@token eyJ ${unit.repeat(17_000 / unit.length)}`);
    }
    expect(performance.now() - started).toBeLessThan(1500);
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
      'pass',
      'auth',
      'bearer',
      'OTP',
      'pw',
    ];
    logging
      .logger('main')
      .info('names', { headers: Object.fromEntries(names.map((name) => [name, { value: 'hidden' }])) });
    await logging.close();
    expect(parse(screen.text)[0]?.headers).toEqual(Object.fromEntries(names.map((name) => [name, REDACTED])));
  });

  it('holds no secret header where headers are a list of names and values', async () => {
    const { logging, screen } = open();
    const rawHeaders = ['X-Api-Key', 'abc', 'Accept', '*/*', 'authorization', 'x'];
    const prose = ['a token is', 'fine'];
    logging.logger('main').info('lists', { rawHeaders, prose });
    await logging.close();
    const [line] = parse(screen.text);
    expect(line?.rawHeaders).toEqual(['X-Api-Key', REDACTED, 'Accept', '*/*', 'authorization', REDACTED]);
    expect(line?.prose).toEqual(prose);
  });

  it('shows numbers under the name of what counts or times secrets, and only numbers', async () => {
    const { logging, screen } = open();
    const counts = { tokens: 532, max_tokens: 4096, tokenCount: 5, tokenExpiresAt: 1, passwordLength: 8 };
    logging
      .logger('main')
      .info('counts', { ...counts, token: 123, otp: 123456, session_id: 5, cookies: 'a=b' });
    await logging.close();
    const secret = { token: REDACTED, otp: REDACTED, session_id: REDACTED, cookies: REDACTED };
    expect(parse(screen.text)[0]).toMatchObject({ ...counts, ...secret });
  });

  it('holds no secret of a name and a value, be they an object, a list in a list, or a list in all but its kind', async () => {
    const { logging, screen } = open();
    logging.logger('main').info('pairs', {
      env: [
        { name: 'DB_PASSWORD', value: 'hidden' },
        { value: 'hidden', key: 'x-api-key' },
        { name: 'PORT', value: 1 },
      ],
      headers: [['x-api-key', ['hidden']]],
      like: { 0: 'authorization', 1: 'hidden', length: 2 },
    });
    await logging.close();
    expect(screen.text).not.toContain('hidden');
    expect(parse(screen.text)[0]?.env).toContainEqual({ name: 'PORT', value: 1 });
  });

  it('holds no half of a secret in a name that is too long', async () => {
    const { logging, screen } = open({ secrets: [secret] });
    for (const length of [236, 245, 250, 254]) {
      logging.logger('main').info('cut', { ['a '.repeat(length / 2) + secret]: 1 });
    }
    await logging.close();
    expect(screen.text).not.toContain('v3r');
  });
});
