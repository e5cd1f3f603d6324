import { settled, failed, REFUSED, START } from '../stats/support';
import { BUILD, cleanUp, INVOCATION, lines, open, type Line } from '../logging/support';
import { createProgress } from '../../src/telemetry/operations';
import { createLogSink } from '../../src/telemetry/sinks/log';
import { OTHER, type Lateness, type Operation, type TelemetryEvent } from '../../src/telemetry/event';

/** The one line that settles a command, as it stands in the file. */

afterEach(cleanUp);

async function logged(event: TelemetryEvent, kind = 'bot'): Promise<readonly Line[]> {
  const { logging, directory } = open();
  createLogSink(logging.logger('commands'), logging.invocationLog('commands')).record(event);
  await logging.close();
  return lines(directory, kind);
}

it('an answered command is one line of info with every field that scripts rely on', async () => {
  const event = settled({ command: 'ticket close', durationSeconds: 0.0123456, shard: 3, guildId: null });
  expect(await logged(event)).toEqual([
    {
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/),
      level: 'info',
      logger: 'commands',
      message: '/ticket close answered in 12.3 ms',
      trace_id: event.traceId,
      interaction_id: '1',
      command: 'ticket close',
      kind: 'chat_input',
      guild_id: null,
      user_id: 'user-1',
      shard: 3,
      event: 'command_settled',
      outcome: 'ok',
      delivery_ms: 0,
      duration_ms: 12.346,
      ack_ms: 300,
      deadline: 'met',
      channel_id: 'channel-1',
      ...BUILD,
    },
  ]);
});

it('a refusal is info with its reason, for nothing is broken, and what the user was told stays out', async () => {
  const [line] = await logged(settled({ outcome: REFUSED }));
  expect(line).toMatchObject({ level: 'info', outcome: 'refused', reason: 'cooldown' });
  expect(line).not.toHaveProperty('error');
  expect(JSON.stringify(line)).not.toContain(REFUSED.kind === 'refused' ? REFUSED.message : '');
  expect(await logged(settled({ outcome: REFUSED }), 'error')).toEqual([]);
});

it('a failure is an error with its reason and cause, in the file of the errors too', async () => {
  const event = settled({ outcome: failed(new TypeError('x of undefined')), ack: null, deadline: 'missed' });
  for (const kind of ['bot', 'error']) {
    expect(await logged(event, kind)).toMatchObject([
      {
        level: 'error',
        event: 'command_settled',
        outcome: 'failed',
        reason: 'exception',
        deadline: 'missed',
        ack_ms: null,
        error: { name: 'TypeError', message: 'x of undefined', stack: expect.any(String) },
      },
    ]);
  }
});

it('undefined that was thrown is an error in the log as well', async () => {
  const [line] = await logged(settled({ outcome: failed(undefined) }));
  expect(line).toMatchObject({ level: 'error', outcome: 'failed', error: expect.anything() });
});

it.each([
  [settled({ command: 'Who is it', kind: 'user_menu' }), 'Who is it answered in 250.0 ms'],
  [settled({ outcome: REFUSED }), '/ping refused (cooldown) in 250.0 ms'],
  [settled({ outcome: failed(1) }), '/ping failed (exception) after 250.0 ms'],
  [
    settled({ outcome: failed(1), deadline: 'missed' }),
    '/ping failed (exception) after 250.0 ms; the user saw no answer within 3 s',
  ],
  [
    settled({ outcome: failed(1), deadline: 'unanswered' }),
    '/ping failed (exception) after 250.0 ms; the user got no answer',
  ],
  [
    settled({ outcome: { kind: 'failed', reason: 'unanswered', error: 1 } }),
    '/ping failed (unanswered) after 250.0 ms; the answer was deferred, and none came',
  ],
  [settled({ command: OTHER, outcome: REFUSED }), 'an unknown command refused (cooldown) in 250.0 ms'],
  [
    settled({ command: OTHER, kind: 'user_menu', outcome: REFUSED }),
    'an unknown command refused (cooldown) in 250.0 ms',
  ],
  [
    settled({ command: OTHER, kind: 'button', outcome: REFUSED }),
    'an unknown component refused (cooldown) in 250.0 ms',
  ],
])('a person reads what happened in one sentence (%#)', async (event, message) => {
  expect((await logged(event))[0]?.message).toBe(message);
});

const LATENESS: Lateness = {
  culprit: 'event_loop',
  deliverySeconds: 0.1,
  eventLoopBlockedSeconds: 2.41234567,
  firstAttemptSeconds: 3.2,
  clockOffsetSeconds: null,
};
const missed = (lateness: Partial<Lateness> = {}, deadline: 'missed' | 'unanswered' = 'missed') =>
  settled({ outcome: failed(1), ack: null, deadline, lateness: { ...LATENESS, ...lateness } });

it('a miss carries all that was measured of it', async () => {
  expect(await logged(missed())).toMatchObject([
    {
      deadline: 'missed',
      late_by: 'event_loop',
      delivery_ms: 100,
      event_loop_blocked_ms: 2412.346,
      first_attempt_ms: 3200,
      clock_offset_ms: null,
    },
  ]);
  const [met] = await logged(settled());
  expect(Object.keys(met ?? {}).filter((key) => /late|blocked|attempt|offset/.test(key))).toEqual([]);
});

const OPERATIONS: readonly Operation[] = [
  {
    kind: 'rest',
    method: 'POST',
    route: '/interactions/:id/:token/callback',
    host: 'discord.com',
    status: 404,
    code: 10062,
    attempts: 2,
    durationSeconds: 0.25,
    waitSeconds: 0,
    startedAt: START,
  },
  { kind: 'store', question: 'summary', errorType: null, durationSeconds: 1, startedAt: START },
];

it('what went wrong says which calls to Discord were made for it; what went well is not longer for that', async () => {
  const made = { operations: [...OPERATIONS] };
  const calls = [
    {
      method: 'POST',
      route: '/interactions/:id/:token/callback',
      status: 404,
      duration_ms: 250,
      attempts: 2,
    },
  ];
  const stories = [{ outcome: failed(1) }, { outcome: REFUSED }, { deadline: 'missed' as const }];
  for (const story of stories) {
    expect(await logged(settled({ ...made, ...story }))).toMatchObject([{ rest_calls: calls }]);
  }
  for (const event of [
    settled(made),
    settled({ ...made, deadline: null }),
    settled({ outcome: failed(1) }),
  ]) {
    expect((await logged(event))[0]).not.toHaveProperty('rest_calls');
  }
});

it('every line tells of the delivery, so that receipt and settlement follow from the creation', async () => {
  expect((await logged(settled({ receivedAt: START + 14 })))[0]).toMatchObject({ delivery_ms: 14 });
  // A clock that is behind Discord's is no reason for a delivery before the creation.
  expect((await logged(settled({ receivedAt: START - 14 })))[0]).toMatchObject({ delivery_ms: 0 });
});

it('what went wrong says which requests the command made itself, of which one is the cause most likely', async () => {
  const request = {
    kind: 'http',
    spanId: '0102030405060708',
    method: 'GET',
    host: '127.0.0.1:9555',
    status: 500,
    errorType: null,
    durationSeconds: 0.0146,
    startedAt: START,
  } as const;
  const refused = { ...request, status: null, errorType: 'ECONNREFUSED' };
  const operations = [...OPERATIONS, request, refused, { ...refused, isUnfinished: true as const }];
  const told = (status: unknown) => ({ method: 'GET', host: '127.0.0.1:9555', status, duration_ms: 14.6 });
  for (const story of [{ outcome: failed(1) }, { outcome: REFUSED }, { deadline: 'missed' as const }]) {
    expect((await logged(settled({ operations, ...story })))[0]).toMatchObject({
      requests: [told(500), told(null), told('unfinished')],
      rest_calls: [{}],
    });
  }
  expect((await logged(settled({ operations })))[0]).not.toHaveProperty('requests');
  expect((await logged(missed()))[0]).not.toHaveProperty('requests');
});

it('a permission that is missing is not taken for a mistake in the answer', async () => {
  const lateness = { ...LATENESS, culprit: 'handler', firstAttemptSeconds: 0.2 } as const;
  const outcome = { kind: 'failed', reason: 'missing_permissions', error: 1 } as const;
  const [line] = await logged(settled({ outcome, ack: null, deadline: 'missed', lateness }));
  expect(line?.message).toBe(
    '/ping failed (missing_permissions) after 250.0 ms; the user saw no answer within 3 s: ' +
      'the bot lacks a permission for what the command answered',
  );
});

it.each([
  [missed(), 'missed', 'the event loop was blocked for 2.4 s'],
  [missed({ culprit: 'delivery', deliverySeconds: 2.94 }), 'missed', 'it was delivered only after 2.9 s'],
  [missed({ culprit: 'handler' }), 'missed', 'the command tried to answer only after 3.2 s'],
  [
    missed({ culprit: 'handler', firstAttemptSeconds: 0.2 }),
    'missed',
    'what the command answered was not valid',
  ],
  [
    missed({ culprit: 'handler', firstAttemptSeconds: null }, 'unanswered'),
    'unanswered',
    'the command did not try to answer',
  ],
  [
    missed({ culprit: 'discord', firstAttemptSeconds: 0.2 }),
    'missed',
    'Discord did not take the answer that was sent after 0.2 s',
  ],
  [
    missed({ culprit: 'clock_skew', clockOffsetSeconds: -10 }),
    'missed',
    'by our clock the answer was in time, so it and Discord’s disagree (our clock is 10.0 s behind Discord’s)',
  ],
  [
    missed({ culprit: 'handler', clockOffsetSeconds: 10 }),
    'missed',
    'the command tried to answer only after 3.2 s (our clock is 10.0 s ahead of Discord’s)',
  ],
])('whoever reads of a miss reads who was late (%#)', async (event, result, why) => {
  const saw = result === 'missed' ? 'the user saw no answer within 3 s' : 'the user got no answer';
  expect((await logged(event))[0]?.message).toBe(`/ping failed (exception) after 250.0 ms; ${saw}: ${why}`);
});

describe('an interaction that somebody else has answered (40060)', () => {
  const answered = (receivedAt: number, deadline: 'missed' | 'met' = 'missed') =>
    settled({
      outcome: { kind: 'failed', reason: 'already_acknowledged', error: new Error('40060') },
      ack: null,
      ...{ deadline, receivedAt },
    });
  const isWarning = ({ event }: Line): boolean => event === 'second_instance_suspected';

  it('tells of a second instance: in its line, and once a minute in a warning', async () => {
    const { logging, directory } = open();
    const sink = createLogSink(logging.logger('commands'), logging.invocationLog('commands'));
    for (const second of [0, 1, 59, 61, 62]) sink.record(answered(START + second * 1000));
    await logging.close();
    const written = lines(directory);
    expect(written.filter(isWarning)).toMatchObject(Array(2).fill({ level: 'warn' }));
    expect(written.filter((line) => !isWarning(line))).toMatchObject(
      Array(5).fill({
        level: 'error',
        message: expect.stringMatching(/a second instance seems to run with the same token$/),
      }),
    );
  });

  it('tells of none where the command answered twice itself', async () => {
    const written = await logged(answered(START, 'met'));
    expect(written).toHaveLength(1);
    expect(written[0]?.message).toBe('/ping failed (already_acknowledged) after 250.0 ms');
  });
});

it('the line of a press leads to the run that put the button there', async () => {
  const parentTraceId = '0af7651916cd43dd8448eb211c80319c';
  const [line] = await logged(settled({ kind: 'button', parentTraceId }));
  expect(line).toMatchObject({ kind: 'button', parent_trace_id: parentTraceId });
  expect((await logged(settled()))[0]).not.toHaveProperty('parent_trace_id');
});

it('what is no settlement is no line', async () => {
  expect(await logged({ ...INVOCATION, type: 'invocation_received' })).toEqual([]);
});

it('a run with more calls than a line holds says how many are not in it', async () => {
  const event = settled({
    operations: [...OPERATIONS],
    progress: { ...createProgress(), dropped: 50, droppedRest: 36 },
    outcome: failed(1),
  });
  expect(await logged(event)).toMatchObject([{ rest_calls: [{}], rest_calls_dropped: 36 }]);
  expect((await logged(settled({ outcome: failed(1) })))[0]).not.toHaveProperty('rest_calls_dropped');
});
