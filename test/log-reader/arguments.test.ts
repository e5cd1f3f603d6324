import { ArgumentError, parseArguments } from '../../src/log-reader/arguments';
import { EVERYTHING } from '../../src/log-reader/query';

const NOW = Date.parse('2026-01-31T10:20:30.400Z');
const parse = (...given: readonly string[]) => parseArguments(given, NOW);

describe('the options of `npm run logs`', () => {
  it('ask for everything where none is given', () => {
    expect(parse()).toEqual({
      query: EVERYTHING,
      limit: null,
      directory: null,
      follow: false,
      json: false,
      summary: false,
      help: false,
    });
  });

  it('are understood as people write them, repeated ones as "or"', () => {
    const given = parse(
      ...['--user', '1', '--user=2', '--command', '/ticket close', '--trace', '#4BF92F35', '--level', 'WARN'],
      ...['--since', '1h', '--until', '10m', '--limit', '5', '--directory', 'elsewhere', '--grep', ' a "b"'],
    );
    expect(given).toMatchObject({ limit: 5, directory: 'elsewhere' });
    expect(given.query).toEqual({
      ...EVERYTHING,
      users: ['1', '2'],
      commands: ['ticket close'],
      traces: ['4bf92f35'],
      level: 'warn',
      since: '2026-01-31T09:20:30.400Z',
      until: '2026-01-31T10:10:30.400Z',
      texts: [' a "b"'],
    });
  });

  it.each([
    [['--usr', '1'], /--usr/],
    [['stats'], "Unexpected argument 'stats' (npm run logs needs -- before its options). See --help"],
    [['--user'], /--user/],
    [['--user', 'kim'], '--user should be a Discord id (digits); "kim" was given.'],
    [['--trace', 'xyz'], /^--trace should be a reference or a trace id: 4 to 32 hexadecimal digits; "xyz"/],
    [['--level', 'loud'], '--level should be one of error, warn, info, debug; "loud" was given.'],
    [['--since', 'noon'], /^--since should be how long ago .*\(UTC\).*"noon"/],
    [['--limit', '0'], /^--limit should be a whole number from 1 to 100000; "0"/],
    [['--since', '1h', '--until', '2h'], /--since .* should be before --until/],
    [['--follow', '--summary'], /--follow .*--summary/],
    [['--follow', '--until', '1h'], /--follow .*--until/],
    [['--command', ''], /--command should be/],
  ])('are named where they are wrong, with what was expected: %j', (given, message) => {
    expect(() => parse(...given)).toThrow(ArgumentError);
    expect(() => parse(...given)).toThrow(message);
  });
});
