import type { Exchange, ExchangeState, Simulator } from '../simulator';
import type { RestFault, RestFaultHandle } from '../simulator/faults';
import { createStage, fixtures, type LogLine, type RunningBot } from './support/bot';

/**
 * Faults that leave a user without an answer, or nearly: what was seen, logged and counted, and who is named.
 * Whoever waits in vain waits for 3 s: so all are left waiting at once, and looked at when it is over.
 */

const stage = createStage();
let discord: Simulator;
let bot: RunningBot;

interface Happened {
  readonly saw: ExchangeState;
  readonly line: LogLine;
}
type Fault =
  | 'hang'
  | 'late'
  | 'tooLate'
  | 'elsewhere'
  | 'forbidden'
  | 'passing'
  | 'lost'
  | 'lasting'
  | 'block'
  | 'behind';
const happened = new Map<Fault, Happened>();
const next: string[] = [];

const prompt = (): Exchange => discord.user('kim').type('/prompt');
const atCallback = (fault: RestFault): RestFaultHandle =>
  discord.faults.rest({ method: 'POST', path: /callback$/, times: 1, ...fault });

async function settled(exchange: Exchange): Promise<LogLine> {
  for (;;) {
    const lines = await bot.logLines();
    const line = lines.find((one) => one.event === 'command_settled' && one.interaction_id === exchange.id);
    if (line !== undefined) return line;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Begins an exchange, and waits until its fault has struck, so that it strikes no other. */
async function begin(exchange: Exchange, fault?: RestFaultHandle, hits = 1): Promise<Exchange> {
  if (fault !== undefined) await discord.until(() => fault.hits === hits);
  return exchange;
}

async function end(name: Fault, exchange: Exchange): Promise<void> {
  const [saw, line] = await Promise.all([exchange.answer(), settled(exchange)]);
  happened.set(name, { saw, line });
}

async function useNext(): Promise<void> {
  next.push((await discord.user('next').type('/prompt').message()).content);
}

async function faultsOfDiscord(): Promise<void> {
  const hanging = atCallback({ hang: true });
  const hang = await begin(discord.user('kim').type('/unheard'), hanging);
  await useNext();
  const late = discord.user('kim').type('/prompt', { createdAt: Date.now() - 4000 });
  await discord.until(() => late.callbacks.length > 0);
  const tooLateFault = atCallback({ status: 404, code: 10062 });
  const tooLate = await begin(prompt(), tooLateFault);
  await useNext();
  const elsewhereFault = atCallback({ status: 400, code: 40060 });
  const elsewhere = await begin(prompt(), elsewhereFault);
  await useNext();
  const forbiddenFault = atCallback({ status: 403, code: 50013 });
  const forbidden = await begin(prompt(), forbiddenFault);
  await forbidden.message();
  const passingFault = atCallback({ status: 500 });
  const passing = await begin(prompt(), passingFault);
  await passing.message();
  const lostFault = atCallback({ status: 500, applied: true });
  const lost = await begin(prompt(), lostFault);
  await settled(lost);
  // Four attempts at the reply, and four to tell of the failure.
  const lastingFault = atCallback({ status: 500, times: 8 });
  const lasting = await begin(prompt(), lastingFault, 8);
  await useNext();
  const exchanges = { hang, late, tooLate, elsewhere, forbidden, passing, lost, lasting } as const;
  await Promise.all(
    Object.entries(exchanges).map(([name, exchange]) => end(name as keyof typeof exchanges, exchange)),
  );
}

async function faultOfOurs(): Promise<void> {
  const block = discord.user('kim').type('/block');
  const behind = discord.user('jun').type('/prompt');
  await Promise.all([end('block', block), end('behind', behind)]);
  await useNext();
}

beforeAll(async () => {
  discord = await stage.discord();
  bot = await stage.bot(discord, { COMMANDS_DIRECTORY: fixtures('late') });
  await discord.registered(['prompt', 'unheard', 'block']);
  await faultsOfDiscord();
  await faultOfOurs();
}, 60_000);
afterAll(() => stage.clear());

const NOTHING = { kind: 'did_not_respond' };
const told = (content: RegExp | string) => ({
  kind: 'answered',
  messages: [
    expect.objectContaining({
      content: typeof content === 'string' ? content : expect.stringMatching(content),
    }),
  ],
});

interface Case {
  readonly saw: object;
  readonly line: object;
  readonly says: RegExp;
}
const missed = { level: 'error', outcome: 'failed', deadline: 'missed', ack_ms: null };
const cases: readonly (readonly [title: string, fault: Fault, expected: Case])[] = [
  [
    'a callback that Discord never answers names Discord',
    'hang',
    {
      saw: NOTHING,
      line: {
        ...missed,
        reason: 'unknown_interaction',
        late_by: 'discord',
        first_attempt_ms: expect.any(Number),
      },
      says: /no answer within 3 s: Discord did not take the answer that was sent after \d\.\d s/,
    },
  ],
  [
    'an interaction that was delivered late names the delivery, and not the command',
    'late',
    {
      saw: NOTHING,
      line: {
        ...missed,
        reason: 'unknown_interaction',
        late_by: 'delivery',
        event_loop_blocked_ms: expect.any(Number),
      },
      says: /no answer within 3 s: it was delivered only after \d\.\d s/,
    },
  ],
  [
    '10062 for an answer in time names Discord, or the clocks where nobody knows how they differ',
    'tooLate',
    {
      saw: NOTHING,
      line: { ...missed, reason: 'unknown_interaction', error: expect.objectContaining({ code: 10062 }) },
      says: /Discord did not take the answer|clock/,
    },
  ],
  [
    '40060 says that a second instance seems to run, and calls nobody late',
    'elsewhere',
    {
      saw: NOTHING,
      line: { ...missed, reason: 'already_acknowledged', error: expect.objectContaining({ code: 40060 }) },
      says: /a second instance seems to run with the same token$/,
    },
  ],
  [
    '50013 is a failure that its user is told of, in time',
    'forbidden',
    {
      saw: told(/^Something went wrong/),
      line: { level: 'error', reason: 'missing_permissions', deadline: 'met', ack_ms: expect.any(Number) },
      says: /failed \(missing_permissions\) after [\d.]+ ms$/,
    },
  ],
  [
    'a 500 that passes goes unnoticed',
    'passing',
    { saw: told('fine'), line: { level: 'info', outcome: 'ok', deadline: 'met' }, says: /answered in/ },
  ],
  [
    'an answer whose receipt was lost, and that is sent again for it, is no sign of a second instance',
    'lost',
    {
      saw: told('fine'),
      line: { reason: 'already_acknowledged', deadline: 'met', ack_ms: expect.any(Number) },
      says: /failed \(already_acknowledged\) after [\d.]+ ms$/,
    },
  ],
  [
    'a 500 that lasts names Discord',
    'lasting',
    {
      saw: NOTHING,
      line: { ...missed, reason: 'discord_api', late_by: 'discord' },
      says: /Discord did not take the answer/,
    },
  ],
  [
    'an event loop that is blocked for 4 s is named, and for how long',
    'block',
    {
      saw: NOTHING,
      line: { ...missed, reason: 'unknown_interaction', late_by: 'event_loop', command: 'block' },
      says: /the event loop was blocked for [23]\.\d s/,
    },
  ],
  [
    'a blocked event loop is also named by whoever it kept waiting, though that looks like a late delivery',
    'behind',
    {
      saw: NOTHING,
      line: { ...missed, reason: 'unknown_interaction', late_by: 'event_loop', command: 'prompt' },
      says: /the event loop was blocked for [23]\.\d s/,
    },
  ],
];

it.each(cases)('%s', (_, fault, { saw, line, says }) => {
  expect(happened.get(fault)?.saw).toEqual(saw);
  expect(happened.get(fault)?.line).toMatchObject(line);
  expect(happened.get(fault)?.line.message).toMatch(says);
});

it('the log warns of a second instance by itself', async () => {
  const warnings = (await bot.logLines()).filter(({ event }) => event === 'second_instance_suspected');
  expect(warnings).toMatchObject([{ level: 'warn', message: expect.stringContaining('40060') }]);
});

it('each is counted once: by its reason, by its deadline, and by who was late', async () => {
  const metrics = await bot.metrics();
  const kind = 'chat_input';
  const errors = (reason: string) => metrics.sum('discord_command_errors_total', { reason });
  const late = (culprit: string) => metrics.value('discord_interaction_late_total', { kind, culprit }) ?? NaN;
  expect(errors('unknown_interaction')).toBe(5);
  expect(errors('already_acknowledged')).toBe(2);
  expect(errors('missing_permissions')).toBe(1);
  expect(errors('discord_api')).toBe(1);
  expect(metrics.value('discord_interaction_deadline_total', { kind, result: 'missed' })).toBe(7);
  expect(metrics.value('discord_interaction_deadline_total', { kind, result: 'met' })).toBe(3 + next.length);
  expect([late('delivery'), late('event_loop'), late('handler')]).toEqual([1, 2, 0]);
  expect(late('discord') + late('clock_skew')).toBe(3);
  expect(late('clock_skew')).toBe(happened.get('tooLate')?.line.clock_offset_ms === null ? 1 : 0);
});

it('after each of them the next command works', () => {
  expect(next).toEqual(Array(5).fill('fine'));
});
