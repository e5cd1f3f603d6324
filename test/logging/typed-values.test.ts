import { inspect } from 'node:util';
import { createJsonFormat } from '../../src/logging/formats/json';
import { createRecorder } from '../../src/logging/record';
import { createRedactor, REDACTED } from '../../src/logging/redact';
import { createTypedRedactors } from '../../src/logging/typed-values';
import { BUILD, INVOCATION, parse, type Line } from './support';

const redactors = createTypedRedactors(createRedactor(['exact-secret-value']));
const without = (text: string, ...typed: string[]): string => redactors(typed).text(text);

/** What is logged in the name of an invocation in which this was typed. */
function write(typed: string[], message: unknown, fields?: unknown, logger = 'command.echo'): Line {
  const toRecord = createRecorder(createRedactor(['exact-secret-value']));
  const invocation = { ...INVOCATION, typed };
  const record = toRecord({ level: 'error', logger, message, fields, invocation, at: 0 });
  const text = createJsonFormat(BUILD)(record);
  const [line] = parse(text);
  if (line === undefined) throw new Error('no line');
  return line;
}

describe('what a user typed', () => {
  const long = 'my mother’s maiden name is "Lovelace"\nand my cat is called Babbage';

  it('stands nowhere in a line of their invocation', () => {
    const error = Object.assign(
      new Error(`no ${long}`, { cause: new AggregateError([new Error(long)], long) }),
      {
        code: long,
        requestBody: { json: { content: long } },
      },
    );
    error.name = long;
    const symbol = Symbol(long);
    const line = write([long, 'pin 4711', '271828'], `got ${long}`, {
      plain: long,
      list: [{ deep: `x${long}x` }],
      [long]: 'a name',
      'pin 4711': 'a short name',
      map: new Map([[long, long]]),
      json: JSON.stringify({ long }),
      url: `https://example.org/?q=${encodeURIComponent(long)}`,
      symbol,
      number: 271828,
      thrown: { toJSON: () => ({ long }) },
      error,
    });
    const text = JSON.stringify(line);
    for (const part of ['mother', 'Lovelace', 'Babbage', '4711', '271828', 'maiden%20name']) {
      expect(text).not.toContain(part);
    }
    expect(line).toMatchObject({ message: `got ${REDACTED}`, number: REDACTED, command: 'ticket close' });
    expect(line.url).toBe(`https://example.org/?q=${REDACTED}`);
  });

  it('stands nowhere in part either, as in what JSON.parse says of it', () => {
    const complaint = (text: string): string => {
      try {
        return String(JSON.parse(text));
      } catch (error) {
        return String(error);
      }
    };
    for (const typed of [
      'hunter2 is my password for all that I have',
      '{"pin": hunter2 and more of the same kind}',
    ])
      expect(without(complaint(typed), typed)).not.toMatch(/hunter2|"pin/);
    expect(without(`too long: ${long.slice(0, 30)}…`, long)).toBe(`too long: ${REDACTED}…`);
  });

  it.each([
    ['hi', 'hi there, this is it: "hi"', `${REDACTED} there, this is it: "${REDACTED}"`],
    ['Jo', 'Jo_1 and Jo', `${REDACTED}_1 and ${REDACTED}`],
    ['서울', '서울에서 온', `${REDACTED}에서 온`],
    ['1984', 'the year 1984, not 19840 or a1984', `the year ${REDACTED}, not 19840 or a1984`],
    ['😀', 'got 😀!', `got ${REDACTED}!`],
    ['a/b?c', 'at a%2Fb%3Fc', `at ${REDACTED}`],
    ['My Words', 'no "my words", no MY WORDS', `no "${REDACTED}", no ${REDACTED}`],
    ['İzmir ΟΔΟΣ', 'in izmir οδος', `in ${REDACTED}`],
    ['my own words', '?q=my+own+words&x=1', `?q=${REDACTED}&x=1`],
    ['a "b" c', JSON.stringify(JSON.stringify({ x: 'a "b" c' })), `"{\\"x\\":\\"${REDACTED}\\"}"`],
    [`it's\n"so"`, inspect({ x: `it's\n"so"\`` }).slice(0, 16), `{ x: '${REDACTED}`],
    ['한국어말', '한국어말'.normalize('NFD'), REDACTED],
    ['Ame\u0301lie', 'no Am\u00e9lie', `no ${REDACTED}`],
  ])('%p is taken out of %p', (typed, text, expected) => {
    expect(without(text, typed)).toBe(expected);
    expect(without(expected, typed)).toBe(expected);
  });

  it.each([
    ['7', 'took 7 ms'],
    ['100', 'at line 100'],
    ['0.5', 'after 0.5 s'],
    ['...', 'wait ... what'],
    ['', 'nothing'],
    ['e', 'e = mc2'],
    ['redact', REDACTED],
  ])('%p, which is in every line, leaves %p as it is', (typed, text) =>
    expect(without(text, typed)).toBe(text),
  );

  it('costs no line its own words, nor a stack its places', () => {
    const typed = [
      'stats',
      'ok',
      'info',
      'failed',
      'timeout',
      'command_settled',
      'reason',
      'error',
      'commands',
    ];
    const error = new Error('stats is no such thing');
    error.stack =
      'Error: stats is no such thing\n    at stats (/app/commands/stats.js:10:5)\n    at async run (/app/error.js:1:2)';
    const fields = {
      event: 'command_settled',
      outcome: 'failed',
      reason: 'timeout',
      duration_ms: 1984,
      error,
    };
    const line = write(
      [...typed, '1984', INVOCATION.userId],
      '/stats failed (timeout) after 12.5 ms',
      fields,
      'commands',
    );
    expect(line).toMatchObject({
      level: 'error',
      logger: 'commands',
      message: '/stats failed (timeout) after 12.5 ms',
      command: INVOCATION.command,
      user_id: INVOCATION.userId,
      event: 'command_settled',
      outcome: 'failed',
      reason: 'timeout',
      duration_ms: 1984,
      error: {
        message: `${REDACTED} is no such thing`,
        stack: `Error: ${REDACTED} is no such thing\n    at stats (/app/commands/stats.js:10:5)\n    at async run (/app/error.js:1:2)`,
      },
    });
    expect(write(['stats'], 'stats', { reason: 'stats', error_code: 'stats' })).toMatchObject({
      message: REDACTED,
      reason: REDACTED,
      error_code: REDACTED,
    });
  });

  it('never makes a secret readable, nor the other way round', () => {
    expect(without('Authorization: Bearer abc123xyz', 'Authorization')).not.toContain('abc123xyz');
    expect(without('password=hunter2 and more', 'password', 'hunter2 and')).toBe(
      `${REDACTED}=${REDACTED} more`,
    );
    expect(without('mail jane@example.org now', 'ane@ex')).toBe(`mail ${REDACTED} now`);
    expect(without('get https://u:p@h/private/x now', 'https://u:p@h/private/x')).toBe(`get ${REDACTED} now`);
    expect(without(`${REDACTED} exact-secret-value x`, 'cret-val')).toBe(`${REDACTED} ${REDACTED} x`);
  });

  it('is known as soon as it is typed, also in the course of a run', () => {
    const typed = ['first words'];
    expect(redactors(typed).text('first words, later words')).toBe(`${REDACTED}, later words`);
    typed.push('later words', 'first words');
    expect(redactors(typed).text('first words, later words')).toBe(`${REDACTED}, ${REDACTED}`);
  });

  it('is known however much else was typed, and in the course of a run what came last', () => {
    const korean = (length: number, seed: number): string =>
      Array.from({ length }, (_, n) =>
        String.fromCharCode(0xac00 + ((seed + n * 7919 + n * n) % 11_000)),
      ).join('');
    const form = [1, 2, 3, 4].map((seed) => korean(4000, seed * 1000));
    const typed = [...form, 'my short confession', '+82 10 1234 5678'];
    const echo = `${form[3]?.slice(100, 130)}, my short confession, ?q=my%20short%20confession, +82 10 1234 5678`;
    expect(without(echo, ...typed)).toBe(`${REDACTED}, ${REDACTED}, ?q=${REDACTED}, ${REDACTED}`);

    const full = Array.from({ length: 50 }, (_, n) => `value ${n}`);
    expect(redactors(full).text('something new')).toBe('something new');
    full.push('something new', 'value 49');
    full.splice(0, 2);
    expect(redactors(full).text('something new')).toBe(REDACTED);
  });

  it('costs a line no field that repeats the invocation’s own, and an error not the name of its class', () => {
    const { userId, command } = INVOCATION;
    const line = write([userId, command, 'TypeError'], 'm', {
      user_id: userId,
      command,
      error: new TypeError('x'),
    });
    expect(line).not.toHaveProperty('user_id_');
    expect(line).not.toHaveProperty('command_');
    expect(line.error).toMatchObject({ name: 'TypeError', stack: expect.stringMatching(/^TypeError: x\n/) });
    const named = Object.assign(new Error('x'), { name: 'TypeError' });
    expect(write(['TypeError'], 'm', { error: named }).error).toMatchObject({ name: REDACTED });
  });

  it('is found in a moment, however much and however hostile it is', () => {
    const typed = Array.from({ length: 25 }, (_, n) => 'a'.repeat(5999) + String(n % 10));
    const started = performance.now();
    const redactor = redactors(typed);
    redactor.text('a'.repeat(17_000));
    redactor.text(`${'a'.repeat(9)}b`.repeat(1700));
    redactors(['aaaaaaaab', 'aaa']).text('a'.repeat(17_000));
    redactors(['x:1:1']).text('\n    at x:1:1'.repeat(2000));
    expect(performance.now() - started).toBeLessThan(500);
    expect(without('\ud800 half', '\ud800 half a pair')).toBeDefined();
  });
});
