import { settled, failed, REFUSED } from '../stats/support';
import { cleanUp, INVOCATION, lines, open, type Line } from '../logging/support';
import { createLogSink } from '../../src/telemetry/sinks/log';
import type { TelemetryEvent } from '../../src/telemetry/event';

/** The one line that settles a command, as it stands in the file. */

afterEach(cleanUp);

async function logged(event: TelemetryEvent, kind = 'bot'): Promise<readonly Line[]> {
  const { logging, context, directory } = open();
  createLogSink(logging.logger('commands'), context).record(event);
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
      duration_ms: 12.346,
      ack_ms: 300,
      deadline: 'met',
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
])('a person reads what happened in one sentence (%#)', async (event, message) => {
  expect((await logged(event))[0]?.message).toBe(message);
});

it('what is no settlement is no line', async () => {
  expect(await logged({ ...INVOCATION, type: 'invocation_received' })).toEqual([]);
});
