import { createJsonFormat } from '../../src/logging/formats/json';
import type { PlainObject } from '../../src/logging/plain';
import type { LogRecord } from '../../src/logging/record';
import { BUILD } from './support';

const RECORD: LogRecord = {
  timestamp: '2026-11-21T10:00:00.000Z',
  level: 'info',
  logger: 'test',
  message: 'hello',
  invocation: null,
  fields: {},
};

const format = createJsonFormat(BUILD);
const parse = (fields: PlainObject): unknown => JSON.parse(format({ ...RECORD, fields }));
const HEAD = { timestamp: RECORD.timestamp, level: 'info', logger: 'test', message: 'hello' };

it('is JSON that gives back every value: a line that does not parse is lost to whoever ships it', () => {
  const fields = {
    text: 'plain',
    empty: '',
    quote: 'say "no"\\',
    korean: '안녕하세요',
    emoji: '😀',
    whole: 3,
    part: 0.1,
    tiny: 1e-7,
    huge: 1e21,
    minus: -0.5,
    yes: true,
    no: false,
    nothing: null,
    list: [1, 'two', null, { three: 3 }],
    nested: { deep: { deeper: 'x' } },
    'a "name"\n': 1,
  };
  expect(parse(fields)).toEqual({ ...HEAD, ...fields, ...BUILD });
});

it('has the invocation between the two, in whichever of its shapes', () => {
  const plain = {
    trace_id: 'ab',
    interaction_id: '1',
    command: 'stats',
    kind: 'chat_input',
    guild_id: '2',
    user_id: '3',
    shard: 0,
  };
  const shapes = [
    plain,
    { ...plain, guild_id: null },
    { ...plain, parent_trace_id: 'cd' },
    { ...plain, command: 'say "hi"\n' },
    { ...plain, interaction_id: '"', user_id: '\u2028', guild_id: '\\' },
  ];
  for (const invocation of shapes) {
    const line = format({ ...RECORD, invocation, fields: { a: 1 } });
    expect(JSON.parse(line)).toEqual({ ...HEAD, ...invocation, a: 1, ...BUILD });
    expect(line).not.toMatch(/[\p{Cc}\p{Zl}]/u);
    expect(line.indexOf('"message"')).toBeLessThan(line.indexOf('"trace_id"'));
    expect(line.indexOf('"shard"')).toBeLessThan(line.indexOf('"a"'));
  }
});

it('gives back every character there is, and lets none stand that ends or hides a line', () => {
  const wrong: number[] = [];
  for (let code = 0; code <= 0xffff; code += 1) {
    const character = String.fromCharCode(code);
    const line = format({ ...RECORD, message: `a${character}b`, fields: { [`k${character}`]: character } });
    const parsed = JSON.parse(line) as Record<string, string>;
    const isSame = parsed.message === `a${character}b` && parsed[`k${character}`] === character;
    if (!isSame || /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(line)) wrong.push(code);
  }
  expect(wrong).toEqual([]);
});

it('remembers names within bounds: a module that logs under a new name each time costs no memory', () => {
  const many = createJsonFormat(BUILD);
  for (let index = 0; index < 5000; index += 1) {
    const line = many({ ...RECORD, fields: { [`name${index}`]: index } });
    expect(line).toContain(`,"name${index}":${index},"version"`);
  }
});

it('ends in the build, whatever its package calls it: a line that does not parse is lost', () => {
  const build = { version: '1.0.0-"beta"\n\u2028', commit: '\\' };
  const line = createJsonFormat(build)(RECORD);
  expect(JSON.parse(line)).toEqual({ ...HEAD, ...build });
  expect(line).not.toMatch(/[\p{Cc}\p{Zl}]/u);
});
