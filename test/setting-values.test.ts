import * as value from '../src/setting-values';

/** One value at a time: as text from the environment, as a typed value from YAML. */

interface Schema {
  safeParse(given: unknown): {
    readonly data?: unknown;
    readonly error?: { readonly issues: readonly { readonly message: string }[] } | undefined;
  };
}

function read(schema: Schema, given: unknown): unknown {
  const { data, error } = schema.safeParse(given);
  return error === undefined ? data : new Error(error.issues.map(({ message }) => message).join('; '));
}

const refused = (what: string | RegExp): unknown =>
  expect.objectContaining({ message: expect.stringMatching(what) });

describe('a size', () => {
  it.each(['10MB', '10m', '10M', '10mb', '10MiB', '10 MB', '10485760', '10485760b', ' 10m ', 10_485_760])(
    'of ten megabytes may be written %p',
    (text) => expect(read(value.bytes(), text)).toBe(10_485_760),
  );

  it.each([
    ['1k', 1024],
    ['1.5m', 1_572_864],
    ['512KB', 524_288],
    ['2g', 2_147_483_648],
    ['1024', 1024],
  ])('%s is %d bytes', (text, bytes) => expect(read(value.bytes(), text)).toBe(bytes));

  it.each(['', 'ten', '10x', '10 m b', '-1m', '1,5m', '1e6', '1023', '0', '10TB', true, null, ['10m']])(
    'is not %p, and the message says how to write one',
    (text) =>
      expect(read(value.bytes(), text)).toEqual(refused(/from 1k to 1024g, such as 10MB, 10m or 10485760/)),
  );
});

describe('a number', () => {
  it.each([
    ['0', 0],
    ['65535', 65_535],
    [' 80 ', 80],
    [80, 80],
  ])('%p is %d', (text, number) => expect(read(value.number(0, 65_535), text)).toBe(number));

  it.each(['', 'abc', '-1', '65536', '1.5', 'NaN', 'Infinity', '80 81', null, true, [80]])(
    'is not %p, and the message gives the bounds',
    (text) => expect(read(value.number(0, 65_535), text)).toEqual(refused(/whole number from 0 to 65535/)),
  );

  it('of seconds may be a fraction, and is called by its unit', () => {
    const seconds = value.number(0.1, 900, { whole: false, unit: 'seconds' });
    expect(read(seconds, '0.25')).toBe(0.25);
    expect(read(seconds, '0.05')).toEqual(refused('a number of seconds from 0.1 to 900'));
  });
});

describe('a flag', () => {
  it.each([
    ['true', true],
    ['YES', true],
    ['on', true],
    ['1', true],
    [true, true],
    [1, true],
    ['false', false],
    ['No', false],
    ['off', false],
    ['0', false],
    [false, false],
    [0, false],
  ])('%p is %p', (text, flag) => expect(read(value.flag(), text)).toBe(flag));

  it.each(['', 'maybe', '2', null, 'tru', '__proto__', 'constructor'])('is not %p', (text) =>
    expect(read(value.flag(), text)).toEqual(refused('true or false')),
  );
});

describe('a choice', () => {
  it('is taken in any case, and named with the others where it is none', () => {
    expect(read(value.level(), 'WARN')).toBe('warn');
    expect(read(value.level(), 'warning')).toEqual(refused('one of error, warn, info, debug'));
    expect(read(value.oneOf(['json', 'ecs']), null)).toEqual(refused('one of json, ecs'));
  });
});

describe('Discord ids', () => {
  it.each(['123456789012345678,223456789012345678', '123456789012345678 ,\n 223456789012345678,'])(
    'are separated by commas or white space: %j',
    (text) => expect(read(value.snowflakes(), text)).toEqual(['123456789012345678', '223456789012345678']),
  );

  it('may be a list, and none at all', () => {
    expect(read(value.snowflakes(), ['123456789012345678'])).toEqual(['123456789012345678']);
    expect(read(value.snowflakes(), [])).toEqual([]);
  });

  it.each(['me', '1234', '<@123456789012345678>', '123456789012345678;223456789012345678', [null]])(
    'are not %p',
    (text) => expect(read(value.snowflakes(), text)).toEqual(refused('Discord ids')),
  );
});

describe('directories', () => {
  it('are separated as in PATH, or a list', () => {
    expect(read(value.paths(':'), 'commands:/opt/more commands')).toEqual(['commands', '/opt/more commands']);
    expect(read(value.paths(';'), String.raw`C:\bot;D:\bot`)).toEqual(['C:\\bot', 'D:\\bot']);
    expect(read(value.paths(':'), ['a', 'b'])).toEqual(['a', 'b']);
  });

  it.each(['', '::', [], [null], null])('are not %p', (text) =>
    expect(read(value.paths(':'), text)).toEqual(refused('one or more directories, with ":" between')),
  );
});

describe('an address', () => {
  const url = value.url(['http', 'https']);
  it.each([
    ['http://127.0.0.1:8080/api/', 'http://127.0.0.1:8080/api'],
    ['https://discord.com/api//', 'https://discord.com/api'],
    ['HTTP://proxy', 'HTTP://proxy'],
  ])('%s is %s', (text, address) => expect(read(url, text)).toBe(address));

  it.each(['', 'localhost:8080', 'ftp://proxy', '//proxy', 'http://', 8080])('is not %p', (text) =>
    expect(read(url, text)).toEqual(refused('starts with http:// or https://')),
  );
});

describe('shards', () => {
  it.each([
    ['auto', 'auto'],
    ['AUTO', 'auto'],
    ['1', 1],
    [16, 16],
  ])('%p are %p', (text, shards) => expect(read(value.shards(), text)).toBe(shards));

  it.each(['', '0', '-1', '1.5', 'many', '4294967296', null])('are not %p', (text) =>
    expect(read(value.shards(), text)).toEqual(refused('auto, or a whole number from 1 to 100000')),
  );

  it.each([
    ['0', [0]],
    ['0,1,2', [0, 1, 2]],
    ['0-2', [0, 1, 2]],
    ['8 10-11, 8', [8, 10, 11]],
    [
      [3, 4],
      [3, 4],
    ],
    [5, [5]],
  ])('of a fleet may be numbered %p', (text, ids) => expect(read(value.shardIds(), text)).toEqual(ids));

  it.each(['', '2-0', '-1', 'a', '1-', [], null])('of a fleet are not numbered %p', (text) =>
    expect(read(value.shardIds(), text)).toEqual(refused('such as 0,1,2 or 0-2')),
  );
});

describe('a token', () => {
  it('is one word', () => {
    expect(read(value.token(), 'Bot abc.def')).toBe('abc.def');
    expect(read(value.token(), 'abc def')).toEqual(refused('one word'));
    expect(read(value.token(), '')).toEqual(refused('one word'));
  });
});

describe('a database', () => {
  it.each([
    'file:data/telltale.db',
    'file:/var/lib/telltale/a b.db',
    'file:///var/lib/telltale.db',
    'postgres://telltale:secret@db.internal:5432/telltale?sslmode=require',
    'postgresql://localhost/telltale',
  ])('may be %s', (url) => expect(read(value.databaseUrl(), url)).toBe(url));

  it.each([
    'telltale.db',
    'file:',
    'file:///',
    'file:a.db?mode=ro',
    'mysql://localhost/telltale',
    'postgres:telltale',
    'postgres://',
    '',
    5,
  ])('is not %p, and the message shows both kinds', (url) =>
    expect(read(value.databaseUrl(), url)).toEqual(refused(/file:data\/telltale\.db, or postgres:\/\//)),
  );
});

describe('a secret', () => {
  it('is taken as it is', () => {
    expect(read(value.secret(16), 'correct horse battery')).toBe('correct horse battery');
  });

  it.each(['', 'too short', null])('is not %p', (text) =>
    expect(read(value.secret(16), text)).toEqual(refused(/at least 16 characters/)),
  );
});

describe('a DSN', () => {
  it.each([
    'https://key@o1.ingest.sentry.io/2',
    'http://0a1b@127.0.0.1:9000/1',
    'https://key@host/path/3',
    'https://key:old@xn--mnchen-3ya.example/1',
    'http://key@[::1]:9000/a/b/1',
  ])('may be %s', (dsn) => expect(read(value.dsn(), dsn)).toBe(dsn));

  it.each([
    ...['', 'key', 'https://o1.ingest.sentry.io/2', 'https://key@host/', 'ftp://key@host/2', 7, null],
    ...['münchen.example', 'h?q', 'h#', 'h!x', 'ho%73t', '256.1.1.1', '[::g]', 'h:99999', 'k@h'].map(
      (host) => `https://key@${host}/1`,
    ),
  ])('is not %p, with which nothing would be sent', (given) =>
    expect(read(value.dsn(), given)).toEqual(refused('the DSN of a Sentry project')),
  );
});

describe('a link to a trace', () => {
  const EXAMPLE = 'https://jaeger.example.org/trace/{traceId}';
  it.each(['https://jaeger/trace/{traceId}', 'http://localhost:3000/explore?trace={traceId}&x=1'])(
    'may be %s',
    (link) => expect(read(value.traceLink(EXAMPLE), link)).toBe(link),
  );

  it('may be as long as two of them, filled in, fit into a field of 1,024 characters; one that is longer is told how long', () => {
    const ofLength = (length: number): string => `https://grafana/${'x'.repeat(length - 25)}{traceId}`;
    expect(read(value.traceLink(EXAMPLE), ofLength(477))).toBe(ofLength(477));
    const filled = ofLength(477).replace('{traceId}', '0'.repeat(32));
    expect(`[Trace](${filled}) · [Sentry](${filled})`.length).toBeLessThanOrEqual(1024);
    expect(read(value.traceLink(EXAMPLE), ofLength(478))).toEqual(refused(/of at most 500 characters/));
    const twice = `https://grafana/{traceId}/${'x'.repeat(430)}/{traceId}`;
    expect(read(value.traceLink(EXAMPLE), twice)).toEqual(refused(/of at most 500 characters/));
  });

  it('that is wrong is told what such a one looks like', () => {
    expect(read(value.traceLink('https://sentry/{traceId}'), 'x')).toEqual(
      refused('such as https://sentry/{traceId}'),
    );
  });

  it.each(['', 'https://jaeger/trace/', '{traceId}', 'https://jaeger/a b/{traceId}', 'https://j/){traceId}'])(
    'is not %p, which leads nowhere or breaks out of a link',
    (given) => expect(read(value.traceLink(EXAMPLE), given)).toEqual(refused(/\{traceId\} in it/)),
  );
});
