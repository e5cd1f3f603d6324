import { REST, type RESTOptions } from 'discord.js';
import { watchRest, type RestWatch } from '../../../src/discord/rest/watch-rest';
import type { RestAttempted, RestCallSettled, TelemetryEvent } from '../../../src/telemetry/event';
import type { Simulator } from '../../../simulator';
import { keepingLogger, type LoggedLine } from '../../pipeline/support';

/** A REST client of discord.js that is watched, and all that was seen. */
export interface Watched {
  readonly rest: REST;
  readonly watch: RestWatch;
  readonly events: readonly TelemetryEvent[];
  readonly lines: readonly LoggedLine[];
  attempts(this: void): RestAttempted[];
  calls(this: void): RestCallSettled[];
}

export function createRest(discord: Simulator, options: Partial<RESTOptions> = {}): REST {
  return new REST({ api: discord.apiUrl, offset: 0, ...options }).setToken(discord.token);
}

export function watchedRest(discord: Simulator, options: Partial<RESTOptions> = {}): Watched {
  return watching(createRest(discord, options));
}

export function watching(rest: REST): Watched {
  const events: TelemetryEvent[] = [];
  const { logger, lines } = keepingLogger();
  const watch = watchRest(rest, {
    running: () => null,
    record: (event) => void events.push(event),
    now: Date.now,
    monotonic: () => performance.now(),
    logger,
  });
  return {
    rest,
    watch,
    events,
    lines,
    attempts: () => events.filter((event) => event.type === 'rest_attempted'),
    calls: () => events.filter((event) => event.type === 'rest_call_settled'),
  };
}

/** What a promise gave or threw. */
export async function endOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => error);
}
