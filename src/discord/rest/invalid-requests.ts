import type { Logger } from '../../logging/logger';
import type { RestAttempted } from '../../telemetry/event';

/**
 * Discord bans an address for an hour that sends it 10,000 requests in 10 minutes that it answers with 401, 403 or 429
 * (https://docs.discord.com/developers/topics/rate-limits). A 429 whose scope is shared does not count: it is nobody's
 * fault.
 */
export interface InvalidRequests {
  add(attempt: RestAttempted): void;
  /** How many there were in the last 10 minutes, to 10 s. */
  count(): number;
}

const LIMIT = 10_000;
const WARN_AT = [1_000, 2_500, 5_000, 7_500, 9_000] as const;
const SLICE_MS = 10_000;
const SLICES = 60;
const ROUTES_SHOWN = 3;

interface Slice {
  total: number;
  readonly byRoute: Map<string, number>;
}

/**
 * Counts the invalid requests, and warns as they become many: once at each mark on the way up, and again only after
 * there were fewer than half of it.
 *
 * @param monotonic milliseconds that never go back.
 */
export function createInvalidRequests(options: {
  readonly monotonic: () => number;
  readonly logger: Logger;
}): InvalidRequests {
  const { monotonic, logger } = options;
  const slices = Array.from({ length: SLICES }, (): Slice => ({ total: 0, byRoute: new Map() }));
  const passed = new Set<number>();
  let newest = sliceAt(monotonic());
  let total = 0;

  /** Empties what is older than 10 minutes. */
  function advance(): Slice | undefined {
    const current = sliceAt(monotonic());
    for (const slice of slicesBetween(newest, current)) {
      const old = slices[slice % SLICES];
      total -= old?.total ?? 0;
      if (old !== undefined) old.total = 0;
      old?.byRoute.clear();
    }
    newest = Math.max(newest, current);
    for (const mark of passed) if (total < mark / 2) passed.delete(mark);
    return slices[newest % SLICES];
  }

  function warnAt(mark: number): void {
    passed.add(mark);
    const routes = worst(slices);
    logger.warn(
      `${mark} requests of the last 10 minutes were refused by Discord (401, 403, 429); at ${LIMIT} it bans this ` +
        `address. Most of them: ${routes.map(([route, count]) => `${route} (${count})`).join(', ')}.`,
      { event: 'rest_invalid_requests', count: mark, limit: LIMIT, routes: Object.fromEntries(routes) },
    );
  }

  return {
    add({ method, route, status, rateLimitScope }) {
      const isInvalid = status === 401 || status === 403 || (status === 429 && rateLimitScope !== 'shared');
      if (!isInvalid) return;
      const slice = advance();
      if (slice === undefined) return;
      const name = `${method} ${route}`;
      slice.byRoute.set(name, (slice.byRoute.get(name) ?? 0) + 1);
      slice.total += 1;
      total += 1;
      const mark = WARN_AT.find((one) => one === total);
      if (mark !== undefined && !passed.has(mark)) warnAt(mark);
    },
    count() {
      advance();
      return total;
    },
  };
}

const sliceAt = (ms: number): number => Math.floor(ms / SLICE_MS);

/** Those after one, up to another; no more than there are. */
function slicesBetween(after: number, last: number): number[] {
  const length = Math.min(SLICES, Math.max(0, last - after));
  return Array.from({ length }, (_, index) => last - index);
}

function worst(slices: readonly Slice[]): (readonly [route: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const { byRoute } of slices) {
    for (const [route, count] of byRoute) counts.set(route, (counts.get(route) ?? 0) + count);
  }
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, ROUTES_SHOWN);
}
