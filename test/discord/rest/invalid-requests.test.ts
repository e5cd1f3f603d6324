import { createInvalidRequests } from '../../../src/discord/rest/invalid-requests';
import type { RestAttempted } from '../../../src/telemetry/event';
import { keepingLogger } from '../../pipeline/support';

/** On the way to Discord's ban, the operator hears of it in time, and not all the time. */

const MINUTE_MS = 60_000;

function watching() {
  let at = 0;
  const { logger, lines } = keepingLogger();
  const invalid = createInvalidRequests({ monotonic: () => at, logger });
  return {
    lines,
    count: () => invalid.count(),
    pass: (ms: number) => void (at += ms),
    add(this: void, times: number, changes: Partial<RestAttempted> = {}) {
      for (let one = 0; one < times; one += 1) invalid.add({ ...FORBIDDEN, ...changes });
    },
  };
}

const FORBIDDEN: RestAttempted = {
  type: 'rest_attempted',
  method: 'POST',
  route: '/channels/:id/messages',
  status: 403,
  durationSeconds: 0.1,
  rateLimitScope: null,
};

it.each<[string, Partial<RestAttempted>, number]>([
  ['401', { status: 401 }, 1],
  ['403', { status: 403 }, 1],
  ['429 of the bot', { status: 429, rateLimitScope: 'user' }, 1],
  ['429 of all requests', { status: 429, rateLimitScope: 'global' }, 1],
  ['429 that is shared', { status: 429, rateLimitScope: 'shared' }, 0],
  ['404', { status: 404 }, 0],
  ['200', { status: 200 }, 0],
  ['timeout', { status: 'timeout' }, 0],
])('a %s counts as Discord counts it', (_, changes, counted) => {
  const { add, count } = watching();
  add(1, changes);
  expect(count()).toBe(counted);
});

it('what is older than 10 minutes counts no more, and nothing is forgotten before', () => {
  const { add, pass, count } = watching();
  for (let minute = 0; minute < 10; minute += 1) {
    add(3);
    pass(MINUTE_MS);
  }
  expect(count()).toBe(27);
  pass(MINUTE_MS);
  expect(count()).toBe(24);
  pass(8.5 * MINUTE_MS);
  expect(count()).toBe(0);
  add(1);
  pass(1000 * MINUTE_MS);
  expect(count()).toBe(0);
});

it('warns once at each mark, with the routes that caused most', () => {
  const { add, pass, lines } = watching();
  add(300, { method: 'PUT', route: '/guilds/:id/bans/:id' });
  pass(MINUTE_MS);
  add(699);
  expect(lines).toEqual([]);
  add(1);
  expect(lines).toHaveLength(1);
  expect(lines[0]?.level).toBe('warn');
  expect(lines[0]?.message).toContain('1000 requests of the last 10 minutes');
  expect(lines[0]?.message).toContain('at 10000 it bans');
  expect(lines[0]?.message).toContain('POST /channels/:id/messages (700), PUT /guilds/:id/bans/:id (300)');
  add(9000);
  expect(lines.map(({ fields }) => fields.count)).toEqual([1000, 2500, 5000, 7500, 9000]);
});

it('warns again only after there were fewer than half', () => {
  const { add, pass, lines } = watching();
  add(500);
  pass(5 * MINUTE_MS);
  add(501);
  pass(5 * MINUTE_MS);
  add(600); // 501 were left: more than half.
  expect(lines).toHaveLength(1);
  pass(9.5 * MINUTE_MS);
  add(999);
  pass(10.5 * MINUTE_MS);
  add(1000);
  expect(lines.map(({ fields }) => fields.count)).toEqual([1000, 1000]);
});
