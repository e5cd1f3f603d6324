import { RESTJSONErrorCodes } from 'discord-api-types/v10';
import type { RestAttempted, RestCallSettled, Sink } from '../../src/telemetry/event';
import { createMetricsSink } from '../../src/telemetry/sinks/metrics';
import { REST_ERROR_CODES } from '../../src/telemetry/sinks/metrics/rest-error-codes';
import { createRegistry } from '../../src/telemetry/sinks/registry';
import { parseExposition, type Exposition } from '../support/exposition';

/** From requests to numbers. */

let sink: Sink;
let scrape: () => Promise<Exposition>;

beforeEach(() => {
  const registry = createRegistry();
  sink = createMetricsSink(registry);
  scrape = async () => parseExposition((await registry.expose(false)).body);
});

const route = '/channels/:id/messages';
const attempt = (changes: Partial<RestAttempted> = {}): RestAttempted => ({
  type: 'rest_attempted',
  method: 'POST',
  route,
  status: 200,
  durationSeconds: 0.2,
  rateLimitScope: null,
  ...changes,
});
const call = (changes: Partial<RestCallSettled> = {}): RestCallSettled => ({
  type: 'rest_call_settled',
  method: 'POST',
  route,
  attempts: 1,
  outcome: 'ok',
  code: null,
  durationSeconds: 0.5,
  waitSeconds: 0.3,
  ...changes,
});

it('a rate limit of any kind, and the refusals that tell of the bot, are there to compare with from 0', async () => {
  const metrics = await scrape();
  for (const kind of ['preemptive', 'http_429']) {
    for (const scope of ['user', 'global', 'shared']) {
      expect(metrics.value('discord_rest_rate_limits_total', { kind, scope })).toBe(0);
    }
  }
  for (const code of ['10062', '40060', '50001', '50013', '_other']) {
    expect(metrics.value('discord_rest_errors_total', { code })).toBe(0);
  }
  expect(metrics.value('discord_rest_queue_wait_seconds_count')).toBe(0);
});

it('a 5xx that is repeated is four requests and one call, each request timed', async () => {
  for (let times = 0; times < 4; times += 1) sink.record(attempt({ status: 503 }));
  sink.record(call({ attempts: 4, outcome: 'failed' }));
  const metrics = await scrape();
  const label = { method: 'POST', route };
  expect(metrics.value('discord_rest_requests_total', { ...label, status: '503' })).toBe(4);
  expect(metrics.value('discord_rest_request_duration_seconds_count', label)).toBe(4);
  expect(metrics.value('discord_rest_request_duration_seconds_sum', label)).toBeCloseTo(0.8);
  expect(metrics.value('discord_rest_calls_total', { ...label, outcome: 'failed' })).toBe(1);
  expect(metrics.value('discord_rest_queue_wait_seconds_sum')).toBeCloseTo(0.3);
  expect(metrics.sum('discord_rest_errors_total')).toBe(0);
});

it.each(['timeout', 'network_error', 'aborted'] as const)(
  'a request without an answer shows why: %s',
  async (why) => {
    sink.record(attempt({ status: why }));
    expect((await scrape()).value('discord_rest_requests_total', { status: why })).toBe(1);
  },
);

it('a status that HTTP does not have is no label', async () => {
  sink.record(attempt({ status: 1234567 }));
  expect((await scrape()).value('discord_rest_requests_total', { status: '_other' })).toBe(1);
});

it('what discord.js held back and what Discord refused are told apart, by scope', async () => {
  sink.record({ type: 'rest_held_back', scope: 'global' });
  sink.record(attempt({ status: 429, rateLimitScope: 'shared' }));
  const { samples } = await scrape();
  const counted = samples.filter((one) => one.name === 'discord_rest_rate_limits_total' && one.value > 0);
  expect(counted.map(({ labels, value }) => [labels, value])).toEqual([
    [{ kind: 'preemptive', scope: 'global' }, 1],
    [{ kind: 'http_429', scope: 'shared' }, 1],
  ]);
});

it('Discord’s codes are counted by name as far as they are known, and none is lost', async () => {
  for (const code of [10062, 0, 987654, -1.5]) sink.record(call({ outcome: 'failed', code }));
  const metrics = await scrape();
  expect(metrics.value('discord_rest_errors_total', { code: '10062' })).toBe(1);
  expect(metrics.value('discord_rest_errors_total', { code: '0' })).toBe(1);
  expect(metrics.value('discord_rest_errors_total', { code: '_other' })).toBe(2);
});

it('knows every code that discord-api-types knows', () => {
  const codes = Object.values(RESTJSONErrorCodes).filter((code) => typeof code === 'number');
  expect(codes.length).toBeGreaterThan(200);
  expect(codes.filter((code) => !REST_ERROR_CODES.has(code))).toEqual([]);
});
