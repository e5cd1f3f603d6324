import { SnowflakeUtil, type APIEmbed, type Client } from 'discord.js';
import * as trace from '../../commands/trace';
import type { SimulatedMessage, SimulatedUser, Simulator } from '../../simulator';
import type { ReadModels } from '../../src/discord/command';
import { createLogSearch } from '../../src/log-reader/search';
import { StoreUnavailableError, type StoredInvocation } from '../../src/stats/stats';
import { loadedFrom, serve } from '../discord/support';
import { at, cleanUp, directory, line, settled, text, TRACE, write } from '../log-reader/support';
import { createHarbour } from '../simulator/support';
import { beyondLimits, fakeReadModels, storedFailure, textOf } from './support';

/** The owner is told the whole story of one run, by the reference that a user was shown. */

const harbour = createHarbour();
let discord: Simulator;
let client: Client<true>;
let kim: SimulatedUser;

beforeAll(async () => {
  ({ discord, client } = await harbour.connect());
  await client.application.commands.set([loadedFrom(trace).data]);
  kim = discord.user('kim');
});
afterEach(cleanUp);
afterAll(() => harbour.close());

const REFERENCE = TRACE.slice(0, 8);
const OTHER_TRACE = `${REFERENCE}ffffffffffffffffffffffff`;

/** @param lines what stands in the log. */
function open(
  lines: readonly string[],
  rows: readonly StoredInvocation[] = [],
  changes: Partial<ReadModels> = {},
) {
  const from = directory();
  if (lines.length > 0) write(from, { 'bot-2026-01-31.log': text(...lines) });
  const logs = createLogSearch({ directory: from, monotonic: () => performance.now() });
  const { readModels } = fakeReadModels({ logs, ...changes });
  const stats = { ...readModels.stats, invocations: () => Promise.resolve(rows) };
  return serve(client, [trace], {
    readModels: { ...readModels, stats, ...changes },
    isOwner: (id) => id === discord.owner.id,
  });
}

async function ask(reference = REFERENCE, locale = 'en-US', user = discord.owner): Promise<SimulatedMessage> {
  const message = await user.type(`/trace reference:${reference}`, { locale }).message();
  expect(message.ephemeral).toBe(true);
  return message;
}

function embedOf({ embeds }: SimulatedMessage): APIEmbed {
  const [embed] = embeds;
  expect(beyondLimits(embed!)).toEqual([]);
  return embed!;
}

const fieldOf = ({ fields = [] }: APIEmbed, name: string): string =>
  fields.find((field) => field.name === name)?.value ?? 'no such field';

const created = Date.parse(at(2)) - 3200;
const ERROR = {
  name: 'TypeError',
  message: 'no row',
  stack: 'TypeError: no row\n    at execute (/app/ticket.js:7:11)\n    at run (/app/run.js:1:1)',
  cause: { name: 'Error', message: 'connection lost', code: 'ECONNRESET' },
};
const CALLS = [
  { method: 'POST', route: '/interactions/:id/:token/callback', status: 404, duration_ms: 80.4, attempts: 2 },
  { method: 'GET', route: '/users/:id', status: null, duration_ms: 12, attempts: 0 },
];
/** `/ticket close`, which failed and was answered too late. */
const failure = (fields: Readonly<Record<string, unknown>> = {}): string =>
  settled(2, {
    level: 'error',
    command: 'ticket close',
    user_id: kim.id,
    shard: 3,
    interaction_id: SnowflakeUtil.generate({ timestamp: created }).toString(),
    outcome: 'failed',
    reason: 'unknown_interaction',
    duration_ms: 3100,
    ack_ms: 3150,
    deadline: 'missed',
    channel_id: '1180000000000000007',
    late_by: 'handler',
    delivery_ms: 100,
    error: ERROR,
    rest_calls: CALLS,
    ...fields,
  });

it('tells who, where, when, how it ended and why, from the reference that the user was shown', async () => {
  open([line(1, { trace_id: TRACE }), failure()], [storedFailure({ traceId: TRACE })]);
  const embed = embedOf(await ask(REFERENCE.toUpperCase()));
  expect(embed.title).toBe('/ticket close · failed: answered too late');
  expect(fieldOf(embed, 'Who')).toBe(`<@${kim.id}> \`${kim.id}\``);
  expect(fieldOf(embed, 'Server')).toBe(
    '`1180000000000000002`\n<#1180000000000000007> `1180000000000000007`',
  );
  expect(fieldOf(embed, 'How')).toBe('`chat_input` · shard 3');
  const clock = (ms: number): string => `<t:${Math.floor((created + ms) / 1000)}:T>`;
  expect(fieldOf(embed, 'When').split('\n').slice(1)).toEqual([
    `Created: ${clock(0)}`,
    `Received: ${clock(100)} +100 ms`,
    `Answered: ${clock(3150)} +3,150 ms`,
    `Settled: ${clock(3200)} +3,200 ms`,
  ]);
  expect(fieldOf(embed, 'Answer within 3 s')).toBe(
    'no: it came too late · late: the command · `delivery_ms` 100',
  );
  expect(fieldOf(embed, 'Error').split('\n')).toEqual([
    '```',
    'TypeError: no row',
    '  at execute (/app/ticket.js:7:11)',
    'Error: connection lost',
    '```',
  ]);
  expect(fieldOf(embed, 'Calls to Discord').split('\n')).toEqual([
    '```',
    '404 80 ms ×2 POST /interactions/:id/:token/callback',
    '– 12 ms GET /users/:id',
    '```',
  ]);
  expect(embed.footer?.text).toBe(`${TRACE} · 1.2.3+4bf92f3`);
});

it('shows its log lines, and no others, where they fit', async () => {
  const [before, other] = [line(1, { trace_id: TRACE }), line(3, { trace_id: 'ff'.repeat(16) })];
  open([before, failure({ error: { name: 'Error', message: 'x' }, rest_calls: [] }), other]);
  const message = await ask();
  expect(embedOf(message).description?.match(/line \d/g)).toEqual(['line 1', 'line 2']);
  expect(message.attachments).toEqual([]);
});

it('sends a long story as a file, whole', async () => {
  const lines = Array.from({ length: 60 }, (_, n) => line(n + 3, { trace_id: TRACE, note: 'x'.repeat(100) }));
  open([failure(), ...lines]);
  const message = await ask();
  expect(embedOf(message).description).toBe('Its 61 log lines are in the file.');
  const [file] = message.attachments;
  expect(file?.filename).toBe(`trace-${REFERENCE}.log`);
  const written = await (await fetch(file!.url)).text();
  expect(written.match(/line \d+/g)).toHaveLength(61);
});

it('stays within what Discord takes, whatever was logged', async () => {
  const huge = {
    ...ERROR,
    message: '``` @everyone '.repeat(500),
    cause: ERROR,
    errors: Array(10).fill(ERROR),
  };
  const calls = Array.from({ length: 64 }, () => ({ ...CALLS[0], route: `/${'x'.repeat(90)}` }));
  const requests = calls.map((call) => ({ ...call, host: 'h'.repeat(90) }));
  const link = `https://example.org/${'y'.repeat(448)}{traceId}`;
  open(
    [
      failure({ error: huge, rest_calls: calls, requests }),
      line(3, { trace_id: OTHER_TRACE, timestamp: at(0) }),
    ],
    [storedFailure({ traceId: TRACE })],
    { links: { trace: link, sentry: link, isSampled: () => true } },
  );
  const embed = embedOf(await ask());
  expect(fieldOf(embed, 'Error').split('```')).toHaveLength(3);
  expect(fieldOf(embed, 'Its own requests')).toMatch(/\nand \d+ more\n/);
  expect(fieldOf(embed, 'Calls to Discord')).toMatch(/\nand \d+ more\n/);
});

it('shows the first calls and the last, of which one failed most likely, and counts those between them', async () => {
  const calls = Array.from({ length: 64 }, (_, index) => ({ ...CALLS[0], route: `/call/${index}` }));
  open([failure({ rest_calls: calls, rest_calls_dropped: 36 })]);
  const shown = fieldOf(embedOf(await ask()), 'Calls to Discord')
    .split('\n')
    .slice(1, -1);
  expect(shown[0]).toContain('/call/0');
  expect(shown.at(-1)).toContain('/call/63');
  expect(shown.length).toBeGreaterThan(20);
  expect(shown).toContain(`and ${100 - (shown.length - 1)} more`);
});

it('says that calls are kept for failures only, and that there were none', async () => {
  open([settled(1)]);
  expect(fieldOf(embedOf(await ask()), 'Calls to Discord')).toMatch(/^Kept only for runs that failed/);
  open([failure({ rest_calls: [] })]);
  expect(fieldOf(embedOf(await ask()), 'Calls to Discord')).toBe('None.');
});

it('tells of several that begin so, and shows the newest', async () => {
  open([failure(), settled(9, { trace_id: OTHER_TRACE, command: 'newer' })]);
  const embed = embedOf(await ask());
  expect(embed.title).toBe('/newer · answered');
  expect(embed.description).toMatch(/^2 runs begin with these digits\..*`4bf92f3577b34da6a3ce929d0e0e4736`/);
  expect(embedOf(await ask(TRACE)).title).toMatch(/^\/ticket close/);
});

it('leads from a press to the run that made the button, and back', async () => {
  const press = { trace_id: 'aaaabbbb'.repeat(4), parent_trace_id: TRACE, kind: 'button' };
  open([failure(), settled(3, press)]);
  expect(fieldOf(embedOf(await ask()), 'Related')).toBe('Presses on what it put there: 1 (`aaaabbbb`)');
  expect(fieldOf(embedOf(await ask('aaaabbbb')), 'Related')).toBe('A press on what `4bf92f35` put there.');
});

it('sends its lines as a file where the embed has no room left for them', async () => {
  const calls = Array.from({ length: 64 }, () => ({ ...CALLS[0], route: `/${'x'.repeat(90)}`, host: 'h' }));
  const link = `https://example.org/${'y'.repeat(448)}{traceId}`;
  const links = { trace: link, sentry: link, isSampled: () => true };
  const error = { name: 'E'.repeat(300), message: 'x', stack: 'E' };
  const errors = Array(4).fill(error);
  const told = [
    line(1, { trace_id: TRACE, note: 'x'.repeat(900) }),
    failure({ error: { ...error, errors }, rest_calls: calls, requests: calls }),
  ];
  open(told);
  expect((await ask()).attachments).toEqual([]);
  open(told, [], { links });
  const message = await ask();
  expect(embedOf(message).description).toBe('Its 2 log lines are in the file.');
  expect(message.attachments).toHaveLength(1);
});

describe('links', () => {
  const links = {
    trace: 'https://tempo/{traceId}',
    sentry: 'https://sentry/?q={traceId}',
    isSampled: () => true,
  };
  const unsampled = { ...links, isSampled: () => false };
  const linksTo = async (lines: readonly string[], given = links as ReadModels['links']): Promise<string> => {
    open(lines, [], { links: given });
    return fieldOf(embedOf(await ask()), 'See also');
  };

  it('lead to the trace, and for a failure to Sentry, where something is sent there', async () => {
    expect(await linksTo([failure()])).toBe(
      `[Trace](https://tempo/${TRACE}) · [Sentry](https://sentry/?q=${TRACE})`,
    );
    expect(await linksTo([settled(1)])).toBe(`[Trace](https://tempo/${TRACE})`);
    expect(await linksTo([failure()], { ...links, trace: null, sentry: null })).toBe('no such field');
  });

  it('lead to no trace that the sampler dropped: it keeps failures and what was late', async () => {
    const notKept = 'Trace: not kept (`OTEL_TRACES_SAMPLER`)';
    expect(await linksTo([settled(1)], unsampled)).toBe(notKept);
    expect(await linksTo([settled(1, { outcome: 'refused', reason: 'cooldown' })], unsampled)).toBe(notKept);
    expect(await linksTo([settled(1, { deadline: 'missed' })], unsampled)).toContain('[Trace]');
    expect(await linksTo([failure({ deadline: 'met' })], unsampled)).toContain('[Trace]');
  });

  it('lead to no trace of a run that has not settled', async () => {
    expect(await linksTo([line(1, { trace_id: TRACE, command: 'slow' })])).toBe('no such field');
  });
});

it('tells of its own requests, which show the upstream that failed', async () => {
  const requests = [
    { method: 'GET', host: '127.0.0.1:9555', status: 500, duration_ms: 14.6 },
    { method: 'POST', host: 'api.example.org', status: null, duration_ms: 3 },
    { method: 'GET', host: 'slow.example.org', status: 'unfinished', duration_ms: 3001 },
  ];
  open([failure({ requests })]);
  expect(fieldOf(embedOf(await ask()), 'Its own requests').split('\n')).toEqual([
    '```',
    '500 15 ms GET 127.0.0.1:9555',
    '– 3 ms POST api.example.org',
    'unfinished 3,001 ms GET slow.example.org',
    '```',
  ]);
  open([failure()]);
  expect(fieldOf(embedOf(await ask()), 'Its own requests')).toBe('no such field');
});

it('repeats no calls as JSON among its lines, and leaves a command’s own fields there', async () => {
  const own = line(1, { trace_id: TRACE, requests: 7 });
  open([own, failure({ error: { name: 'Error', message: 'x' }, requests: [{ method: 'GET', host: 'h' }] })]);
  const { description } = embedOf(await ask());
  expect(description).toContain('line 2');
  expect(description).not.toMatch(/rest_calls|"host"/);
  expect(description).toContain('requests=7');
});

describe('times', () => {
  const offsets = async (): Promise<(number | null)[]> => {
    const when = fieldOf(embedOf(await ask()), 'When');
    const names = ['Received', 'Answered', 'Settled'];
    return names.map((name) => {
      const ms = new RegExp(`^${name}: <t:\\d+:T> \\+([\\d,]+) ms$`, 'm').exec(when)?.[1];
      return ms === undefined ? null : Number(ms.replace(',', ''));
    });
  };
  const run = { deadline: 'met', ack_ms: 6, duration_ms: 18 };
  /** The line is written 32 ms after the creation. */
  const written = Date.parse(at(2)) - 32;
  const interaction_id = SnowflakeUtil.generate({ timestamp: written }).toString();

  it('are those of the run, however late its line was written', async () => {
    open([failure({ ...run, interaction_id, delivery_ms: 2 })]);
    expect(await offsets()).toEqual([2, 6, 20]);
  });

  it('never say of an older line, which does not tell of the delivery, that it was answered before it came', async () => {
    open([failure({ ...run, interaction_id, delivery_ms: undefined })]);
    expect(await offsets()).toEqual([6, 6, 24]);
  });
});

it('tells what the statistics know of a run that the log has forgotten', async () => {
  open([line(1)], [storedFailure({ traceId: TRACE, message: 'no row', at: at(5) })]);
  const embed = embedOf(await ask());
  expect(embed.title).toBe('/ping · failed: exception');
  expect(textOf(embed)).toContain('no row');
  expect(embed.description).toMatch(
    /^There is 1 file, which reaches back to <t:\d+:f>\.\nThe log has no line/,
  );
  expect(fieldOf(embed, 'Who')).toBe('not in the log any more');
});

it('tells of a run that has not settled', async () => {
  open([line(1, { trace_id: TRACE, command: 'slow', kind: 'chat_input', user_id: kim.id })]);
  const embed = embedOf(await ask());
  expect(embed.title).toBe('/slow · not settled');
  expect(embed.description).toContain('runs still, or the process ended first');
});

it('does with the log alone while the statistics are away, and says so', async () => {
  const { readModels } = fakeReadModels();
  const invocations = () => Promise.reject(new StoreUnavailableError('away'));
  open([failure()], [], { stats: { ...readModels.stats, invocations } });
  const embed = embedOf(await ask());
  expect(embed.title).toMatch(/^\/ticket close/);
  expect(embed.description).toContain('statistics cannot be read');
});

it('says where it looked in vain, and how far back the log goes', async () => {
  open([line(1)]);
  expect((await ask()).content.split('\n')).toEqual([
    'Nothing is known of `4bf92f35`.',
    'The statistics have no run that begins with it.',
    `There is 1 file, which reaches back to <t:${Date.parse(at(1)) / 1000}:f>.`,
  ]);
  open([]);
  expect((await ask()).content).toContain('There is no log file.');
});

it.each(['4bf92f3', 'hello', '4bf92f3577b34da6a3ce929d0e0e47361'])(
  'refuses %s, which is no reference',
  async (given) => {
    const { settled: ended } = open([failure()]);
    expect((await ask(given)).content).toMatch(/^`reference` should be .*`4bf92f35`/);
    await discord.until(() => ended.length === 1);
    expect(ended[0]?.outcome.kind).toBe('refused');
  },
);

it('is for the owner alone', async () => {
  open([failure()]);
  const message = await ask(REFERENCE, 'en-US', kim);
  expect(message.content).toContain('owner');
  expect(message.embeds).toEqual([]);
});

it('answers in Korean to a Korean owner', async () => {
  open([failure()]);
  const embed = embedOf(await ask(REFERENCE, 'ko'));
  expect(embed.title).toMatch(/실패/);
  expect(embed.fields?.every(({ name }) => /[가-힣]/.test(name))).toBe(true);
});
