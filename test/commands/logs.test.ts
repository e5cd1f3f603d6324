import type { Client } from 'discord.js';
import * as logs from '../../commands/logs';
import type { SimulatedMessage, SimulatedUser, Simulator } from '../../simulator';
import { createLogSearch } from '../../src/log-reader/search';
import { loadedFrom, serve } from '../discord/support';
import { at, cleanUp, directory, line, settled, text, TRACE, write } from '../log-reader/support';
import { createHarbour } from '../simulator/support';
import { fakeReadModels } from './support';

/** The owner searches the log files from within Discord. */

const harbour = createHarbour();
let discord: Simulator;
let client: Client<true>;
let kim: SimulatedUser;

beforeAll(async () => {
  ({ discord, client } = await harbour.connect());
  await client.application.commands.set([loadedFrom(logs).data]);
  kim = discord.user('kim');
});
afterEach(cleanUp);
afterAll(() => harbour.close());

/** @param lines what stands in the log. */
function open(
  lines: readonly string[],
  limits: { readonly limitMs?: number; readonly limitBytes?: number } = {},
) {
  const from = directory();
  write(from, { 'bot-2026-01-31.log': text(...lines) });
  const search = createLogSearch({ directory: from, monotonic: () => performance.now(), ...limits });
  const { readModels } = fakeReadModels({ logs: search });
  return serve(client, [logs], { readModels, isOwner: (id) => id === discord.owner.id });
}

async function ask(options: string, user = discord.owner): Promise<SimulatedMessage> {
  const message = await user.type(`/logs ${options}`.trim()).message();
  expect(message.ephemeral).toBe(true);
  return message;
}

async function fileOf({ attachments }: SimulatedMessage): Promise<string> {
  const [file] = attachments;
  return (await fetch(file!.url)).text();
}

const unix = (number: number): number => Date.parse(at(number)) / 1000;

it('shows the owner the lines of one reference, as people read them', async () => {
  open([line(1), settled(2, { user_id: kim.id }), line(3)]);
  const { content, attachments } = await ask(`trace:#${TRACE.slice(0, 8).toUpperCase()}`);
  const [head, , shown] = content.split('\n');
  expect(head).toBe(`One line, <t:${unix(2)}:f> to <t:${unix(2)}:f>.`);
  expect(shown).toMatch(
    /^2026-01-31 10:00:02\.000 INFO {2}commands: line 2 trace_id=4bf92f35 command=stats kind=/,
  );
  expect(attachments).toEqual([]);
});

it('finds what was logged for a user, of a command, at a level, since a time', async () => {
  const now = (secondsAgo: number): string => new Date(Date.now() - secondsAgo * 1000).toISOString();
  const fields = { user_id: kim.id, command: 'ticket close', level: 'error', timestamp: now(60) };
  open([
    settled(1, fields),
    settled(2, { ...fields, user_id: '5' }),
    settled(3, { ...fields, command: 'stats' }),
    settled(4, { ...fields, level: 'info' }),
    settled(5, { ...fields, timestamp: now(7200) }),
  ]);
  const { content } = await ask('user:@kim command:ticket level:error since:1h');
  expect(content.match(/line \d/g)).toEqual(['line 1']);
});

it('is for the owner alone', async () => {
  open([line(1)]);
  const { content } = await ask('', kim);
  expect(content).toContain('owner');
  expect(content).not.toContain('line 1');
});

it('sends many lines as a file, the newest of them, and says how to see more', async () => {
  open(Array.from({ length: 300 }, (_, n) => line(n + 1)));
  const message = await ask('limit:150');
  expect(message.content).toBe(
    `150 lines, <t:${unix(151)}:f> to <t:${unix(300)}:f>.\nThese are the newest 150; \`limit\` shows more.`,
  );
  expect(message.attachments).toMatchObject([{ filename: 'logs.log' }]);
  const shown = (await fileOf(message)).trimEnd().split('\n');
  expect([shown.length, shown[0], shown.at(-1)]).toEqual([
    150,
    expect.stringContaining('line 151'),
    expect.stringContaining('line 300'),
  ]);
});

it('cuts what is too long for a file, keeps the newest, and says so', async () => {
  open(Array.from({ length: 1200 }, (_, n) => line(n + 1, { text: 'x'.repeat(10_000) })));
  const message = await ask('limit:10000');
  expect(message.content).toContain('cut at 8 MB');
  const file = await fileOf(message);
  expect(Buffer.byteLength(file)).toBeLessThanOrEqual(8_000_000);
  expect(Buffer.byteLength(file)).toBeGreaterThan(7_900_000);
  expect(file).toContain('line 1200 ');
});

it('sums up by level, error and command', async () => {
  open([
    settled(1),
    settled(2, { level: 'error', outcome: 'failed', error: { name: 'Error', message: 'no row 7' } }),
  ]);
  const { content } = await ask('summary:true');
  expect(content).toMatch(/^2 lines, in sum:\n```\nLines: 2 \(error 1, warn 0, info 1, debug 0\)/);
  expect(content).toContain('Error: no row #');
  expect(content).toMatch(/^stats +2 +1 +0 +1 +50\.0 +10\.0 +10\.0$/m);
});

it('sums up the newest lines alone where a limit is given, and says so', async () => {
  open([settled(1), settled(2), settled(3)]);
  const { content } = await ask('summary:true limit:2');
  expect(content).toMatch(/^2 lines, in sum:\nThese are the newest 2; `limit` shows more\.\n/);
  expect(content).toMatch(/^stats +2 +2 /m);
  expect((await ask('summary:true limit:4')).content).toMatch(/^3 lines, in sum:\n```/);
});

it('claims no share of failures where only errors are asked for', async () => {
  open([settled(1), settled(2, { level: 'error', outcome: 'failed' })]);
  const { content } = await ask('summary:true level:error');
  expect(content).toContain('Commands, failed runs only: 1\n');
  expect(content).not.toContain('err %');
});

it('says how far back the files reach where nothing matches, in a summary too', async () => {
  open([line(1)]);
  const { content } = await ask('summary:true trace:ffff');
  expect(content).toBe(`No line matches. There is 1 file, which reaches back to <t:${unix(1)}:f>.`);
});

it('lets nothing out of the block: no mention, no markdown', async () => {
  open([line(1, { logger: 'x', note: '``` @everyone <@1180000000000000003> ```' })]);
  const { content } = await ask('');
  expect(content.split('```')).toHaveLength(3);
  expect(content.split('```')[1]).toContain('@everyone');
});

it('says what it did not look at', async () => {
  open([line(1), '{"half', line(2)], { limitMs: -1 });
  expect((await ask('')).content).toBe(
    `No line matches. There is 1 file, which reaches back to <t:${unix(1)}:f>.\n` +
      'Stopped after 10 seconds: older files were not searched. Narrow it down with `since`.',
  );
  open([line(1), '{"half', line(2)], { limitBytes: 1 });
  expect((await ask('')).content).toMatch(/^2 lines.*\nStopped after 1 GiB.*\nBroken lines, left out: 1\.\n/);
});

it('says what a reference and a time look like where they are none', async () => {
  const { settled: ended } = open([]);
  expect((await ask('trace:`hm')).content).toMatch(
    /^`trace` should be .*`4bf92f35`.*4 to 32 hexadecimal digits.*`ˋhm` is none/,
  );
  expect((await ask('since:noon')).content).toMatch(/^`since` should be .*in UTC; `noon` is none/);
  await discord.until(() => ended.length === 2);
  expect(ended.map(({ outcome }) => outcome.kind)).toEqual(['refused', 'refused']);
});

it('offers commands while they are typed', async () => {
  open([]);
  const state = await discord.owner.complete('/logs command:clo').answer();
  expect(state).toMatchObject({ kind: 'choices', choices: [{ name: 'ticket close' }] });
});

it('answers in Korean to a Korean owner', async () => {
  open([settled(1)]);
  const answer = (await discord.owner.type('/logs', { locale: 'ko' }).message()).content;
  expect(answer).toMatch(/^1줄, /);
  const summary = (await discord.owner.type('/logs summary:true', { locale: 'ko' }).message()).content;
  expect(summary).toMatch(/명령어 +횟수 +성공/);
});
