import { OTHER, RATE_LIMIT_SCOPES, type RestAttempted, type RestCallSettled } from '../../event';
import type { MetricRegistry } from '../registry';
import { REST_BUCKETS, WAIT_BUCKETS } from './buckets';
import type { MetricsPart } from './part';
import { REST_ERROR_CODES } from './rest-error-codes';

/** `preemptive`: discord.js waited of its own accord; `http_429`: Discord refused. */
const LIMIT_KINDS = ['preemptive', 'http_429'] as const;
/** Those that tell of the bot itself: of its permissions, its slowness, a second instance of it. */
const EXPECTED_CODES = ['10062', '40060', '50001', '50013', '50035', OTHER] as const;

/** What every bot sends: the first answer to an interaction. */
const ANSWER = { method: 'POST', route: '/interactions/:id/:token/callback' } as const;

function describeMetrics(registry: MetricRegistry) {
  return {
    requests: registry.counter({
      name: 'discord_rest_requests_total',
      help: 'Requests to Discord on the wire, each attempt, by what came of it.',
      labels: ['method', 'route', 'status'],
    }),
    duration: registry.histogram({
      name: 'discord_rest_request_duration_seconds',
      help: 'Of one attempt on the wire, up to the head of its answer, whatever that is.',
      labels: ['method', 'route'],
      buckets: REST_BUCKETS,
    }),
    calls: registry.counter({
      name: 'discord_rest_calls_total',
      help: 'Calls to Discord, over all their attempts, by how they ended.',
      labels: ['method', 'route', 'outcome'],
    }),
    wait: registry.histogram({
      name: 'discord_rest_queue_wait_seconds',
      help: 'What a call waits in the queues and pauses of discord.js.',
      labels: [],
      buckets: WAIT_BUCKETS,
    }),
    limits: registry.counter({
      name: 'discord_rest_rate_limits_total',
      help: 'Rate limits met: by discord.js beforehand (preemptive) or by Discord’s refusal (http_429).',
      labels: ['kind', 'scope'],
    }),
    errors: registry.counter({
      name: 'discord_rest_errors_total',
      help: 'Calls that Discord refused, by its JSON error code.',
      labels: ['code'],
    }),
  };
}

/** Counts and times requests to Discord. */
export function createRestMetrics(registry: MetricRegistry): MetricsPart {
  const metrics = describeMetrics(registry);

  function startKnownSeries(): void {
    for (const kind of LIMIT_KINDS) {
      for (const scope of RATE_LIMIT_SCOPES) metrics.limits.start({ kind, scope });
    }
    for (const code of EXPECTED_CODES) metrics.errors.start({ code });
    metrics.wait.start({});
    metrics.requests.start({ ...ANSWER, status: '204' });
    metrics.duration.start(ANSWER);
    for (const outcome of ['ok', 'failed']) metrics.calls.start({ ...ANSWER, outcome });
  }

  function attempted({ method, route, status, durationSeconds, rateLimitScope: scope }: RestAttempted): void {
    metrics.requests.increment({ method, route, status: statusLabel(status) });
    metrics.duration.observe({ method, route }, durationSeconds);
    if (scope !== null) metrics.limits.increment({ kind: 'http_429', scope });
  }

  function callSettled({ method, route, outcome, waitSeconds, code }: RestCallSettled): void {
    metrics.calls.increment({ method, route, outcome });
    metrics.wait.observe({}, waitSeconds);
    if (code !== null) metrics.errors.increment({ code: REST_ERROR_CODES.has(code) ? String(code) : OTHER });
  }

  startKnownSeries();
  return {
    record(event) {
      if (event.type === 'rest_attempted') attempted(event);
      else if (event.type === 'rest_call_settled') callSettled(event);
      else if (event.type === 'rest_held_back') {
        metrics.limits.increment({ kind: 'preemptive', scope: event.scope });
      }
    },
  };
}

/** HTTP has statuses of three digits; whatever else a proxy may send is `_other`. */
function statusLabel(status: RestAttempted['status']): string {
  return typeof status === 'string' || (status >= 100 && status <= 599) ? String(status) : OTHER;
}
