import { createHash } from 'node:crypto';
import { ApiError } from './errors';
import type { Match } from './router';

/** Discord's two limits: so many requests a second in all, and so many for each bucket. */
export interface RateLimits {
  /** Counts a request. Gives the headers of its answer, or throws a 429. */
  take(match: Match): Readonly<Record<string, string>>;
}

interface Limit {
  readonly requests: number;
  readonly windowMs: number;
}

interface Window {
  used: number;
  resetsAt: number;
}

const GLOBAL: Limit = { requests: 50, windowMs: 1_000 };
const DEFAULT: Limit = { requests: 10, windowMs: 1_000 };
const LIMITS: Readonly<Record<string, Limit>> = {
  'POST /channels/:channelId/messages': { requests: 5, windowMs: 5_000 },
  'PATCH /channels/:channelId/messages/:messageId': { requests: 5, windowMs: 5_000 },
  'DELETE /channels/:channelId/messages/:messageId': { requests: 5, windowMs: 1_000 },
  'POST /webhooks/:applicationId/:token': { requests: 5, windowMs: 2_000 },
  'PATCH /webhooks/:applicationId/:token/messages/:messageId': { requests: 5, windowMs: 2_000 },
  'DELETE /webhooks/:applicationId/:token/messages/:messageId': { requests: 5, windowMs: 2_000 },
  'PUT /applications/:applicationId/commands': { requests: 2, windowMs: 20_000 },
  'PUT /applications/:applicationId/guilds/:guildId/commands': { requests: 2, windowMs: 20_000 },
};
/** Buckets are apart for each of these. */
const MAJOR_PARAMETERS = ['channelId', 'guildId', 'token'];
const SWEEP_AT = 5_000;

export function createRateLimits(now: () => number): RateLimits {
  const windows = new Map<string, Window>();

  const take = (key: string, limit: Limit): Window & { readonly exceeded: boolean } => {
    const known = windows.get(key);
    const current =
      known === undefined || known.resetsAt <= now() ? { used: 0, resetsAt: now() + limit.windowMs } : known;
    const exceeded = current.used >= limit.requests;
    if (!exceeded) current.used += 1;
    windows.set(key, current);
    return { ...current, exceeded };
  };
  const sweep = (): void => {
    if (windows.size < SWEEP_AT) return;
    for (const [key, window] of windows) if (window.resetsAt <= now()) windows.delete(key);
  };

  return {
    take({ route, params }) {
      sweep();
      const name = `${route.method} ${route.template}`;
      if (route.authorization === 'bot') {
        const all = take('global', GLOBAL);
        if (all.exceeded) throw exceeded(all.resetsAt - now(), 'global', {});
      }
      const major = MAJOR_PARAMETERS.map((parameter) => params[parameter] ?? '').join(':');
      const limit = LIMITS[name] ?? DEFAULT;
      const window = take(`${name} ${major}`, limit);
      const headers = describe(window, limit, name, now());
      if (window.exceeded) throw exceeded(window.resetsAt - now(), 'user', headers);
      return headers;
    },
  };
}

function describe(window: Window, limit: Limit, name: string, now: number): Record<string, string> {
  return {
    'x-ratelimit-limit': String(limit.requests),
    'x-ratelimit-remaining': String(limit.requests - window.used),
    'x-ratelimit-reset': (window.resetsAt / 1_000).toFixed(3),
    'x-ratelimit-reset-after': ((window.resetsAt - now) / 1_000).toFixed(3),
    'x-ratelimit-bucket': createHash('md5').update(name).digest('hex'),
  };
}

function exceeded(waitMs: number, scope: 'user' | 'global', headers: Record<string, string>): ApiError {
  const isGlobal = scope === 'global';
  const seconds = Number((waitMs / 1_000).toFixed(3));
  return new ApiError(
    429,
    0,
    'You are being rate limited.',
    { retry_after: seconds, global: isGlobal },
    {
      ...headers,
      'retry-after': String(Math.ceil(seconds)),
      'x-ratelimit-scope': scope,
      ...(isGlobal ? { 'x-ratelimit-global': 'true' } : {}),
      via: '1.1 google',
    },
  );
}
