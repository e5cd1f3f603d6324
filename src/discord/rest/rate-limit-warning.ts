import { RATE_LIMIT_SCOPES, type RateLimitScope, type RestAttempted } from '../../telemetry/event';
import type { Logger } from '../../logging/logger';

const PAUSE_MS = 60_000;

const MEANING: Readonly<Record<RateLimitScope, string>> = {
  user: 'this bot asks too often there',
  global: 'this bot asks too often in all',
  shared: 'others ask too often there, too',
};

/**
 * Gives what says in the log that Discord has refused a request for its rate limit: for each scope at most once a
 * minute, with the number of those that were passed over.
 *
 * @param monotonic milliseconds that never go back.
 */
export function createRateLimitWarning(
  monotonic: () => number,
  logger: Logger,
): (attempt: RestAttempted) => void {
  const states = new Map(RATE_LIMIT_SCOPES.map((scope) => [scope, { quietUntil: -Infinity, passedOver: 0 }]));
  return ({ method, route, rateLimitScope: scope }) => {
    if (scope === null) return;
    const state = states.get(scope);
    if (state === undefined) return;
    if (monotonic() < state.quietUntil) {
      state.passedOver += 1;
      return;
    }
    const more = state.passedOver === 0 ? '' : ` So were ${state.passedOver} more since the last such line.`;
    logger.warn(`Discord has refused ${method} ${route} (429): ${MEANING[scope]}.${more}`, {
      event: 'rest_rate_limited',
      scope,
      route: `${method} ${route}`,
      passed_over: state.passedOver,
    });
    state.quietUntil = monotonic() + PAUSE_MS;
    state.passedOver = 0;
  };
}
