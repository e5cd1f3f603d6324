import { SnowflakeUtil } from 'discord.js';
import { textField } from '../src/log-reader/entry';
import { causesOf } from '../src/logging/errors';
import { isPlainArray, isPlainObject, type Plain, type PlainObject } from '../src/logging/plain';
import type { Story } from './_trace-story';

/** A story as plain facts: from the log where it has them, else from the statistics. */

export interface Facts {
  readonly command: string;
  readonly kind: string;
  /** Null while it runs, or where the process ended first. */
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly userId: string | null;
  readonly guildId: string | null;
  readonly channelId: string | null;
  readonly shard: number | null;
  readonly times: Times;
  readonly deadline: string | null;
  /** Who was late; null where nobody was. */
  readonly lateBy: string | null;
  /** What was measured of it, in milliseconds, by the log's names. */
  readonly measured: readonly (readonly [string, number])[];
  /** The error and its causes, the nearer first. */
  readonly errors: readonly ErrorFacts[];
  readonly calls: readonly CallFacts[];
  /** How many more there were in their middle. */
  readonly callsDropped: number;
  /** The command's own requests, as far as they are watched. */
  readonly requests: readonly CallFacts[];
  /** `1.2.3+4bf92f3` */
  readonly release: string | null;
  readonly parent: string | null;
}

/** Milliseconds since the epoch; null where it is not known, or never was. */
export interface Times {
  readonly created: number | null;
  readonly received: number | null;
  readonly answered: number | null;
  readonly settled: number | null;
}

export interface ErrorFacts {
  readonly name: string;
  readonly message: string;
  /** Where it was thrown: the first line of its stack that is a place. */
  readonly place: string | null;
}

export interface CallFacts {
  readonly method: string;
  /** The route of a call to Discord; the host of the command's own request. */
  readonly to: string;
  readonly status: string;
  readonly durationMs: number | null;
  readonly attempts: number | null;
}

const MEASURED = ['delivery_ms', 'event_loop_blocked_ms', 'first_attempt_ms', 'clock_offset_ms'] as const;
const MAX_ERRORS = 10;

export function factsOf({ lines, settled, stored }: Story): Facts {
  const fields = settled?.fields ?? lines[0]?.fields ?? {};
  const text = (name: string): string | null => textField(fields, name) || null;
  return {
    command: text('command') ?? stored?.command ?? '–',
    kind: text('kind') ?? stored?.kind ?? '–',
    outcome: settled === null ? (stored?.outcome ?? null) : text('outcome'),
    reason: text('reason') ?? stored?.reason ?? null,
    userId: text('user_id'),
    guildId: text('guild_id') ?? stored?.guildId ?? null,
    channelId: text('channel_id'),
    shard: numberField(fields, 'shard') ?? stored?.shard ?? null,
    times: timesOf(fields, settled?.timestamp ?? stored?.at ?? null, stored),
    deadline: text('deadline'),
    lateBy: text('late_by'),
    measured: MEASURED.flatMap((name) => {
      const value = numberField(fields, name);
      return value === null ? [] : [[name, value] as const];
    }),
    errors: isPlainObject(fields.error) ? chainOf(fields.error) : storedError(stored?.message ?? null),
    calls: callsIn(fields.rest_calls, 'route'),
    callsDropped: numberField(fields, 'rest_calls_dropped') ?? 0,
    requests: settled === null ? [] : callsIn(fields.requests, 'host'),
    release: releaseOf(stored?.version ?? text('version'), stored?.commit ?? text('commit')),
    parent: text('parent_trace_id'),
  };
}

const releaseOf = (version: string | null, commit: string | null): string | null =>
  version === null || commit === null ? null : `${version}+${commit}`;

/**
 * All on Discord's clock as ours sees it: an interaction's id says when it was made. A line stands in the log some time
 * after its run has settled; of a run that has no other time, its own stands for that.
 */
function timesOf(fields: PlainObject, notedAt: string | null, stored: Story['stored']): Times {
  const id = textField(fields, 'interaction_id');
  const noted = notedAt === null ? null : Date.parse(notedAt);
  const duration = numberField(fields, 'duration_ms') ?? stored?.durationMs ?? null;
  const ack = numberField(fields, 'ack_ms') ?? stored?.ackMs ?? null;
  const created = /^\d{15,20}$/.test(id) ? SnowflakeUtil.timestampFrom(id) : null;
  const answered = plus(created, ack);
  const known = plus(created, numberField(fields, 'delivery_ms'));
  const about = plus(noted, duration === null ? null : -duration);
  const received = known ?? (about === null ? null : Math.min(about, answered ?? about));
  return { created, received, answered, settled: plus(received, duration) ?? noted };
}

const plus = (at: number | null, ms: number | null): number | null =>
  at === null || ms === null ? null : at + ms;

function chainOf(error: PlainObject): readonly ErrorFacts[] {
  const chain = [error];
  for (let at = 0; at < chain.length && chain.length < MAX_ERRORS; at += 1) {
    chain.push(...causesOf(chain[at] ?? {}));
  }
  return chain.slice(0, MAX_ERRORS).map((one) => ({
    name: textField(one, 'name'),
    message: textField(one, 'message'),
    place: /^\s*at (.+)$/m.exec(textField(one, 'stack'))?.[1] ?? null,
  }));
}

function storedError(message: string | null): readonly ErrorFacts[] {
  return message === null ? [] : [{ name: '', message, place: null }];
}

function callsIn(list: Plain | undefined, to: 'route' | 'host'): readonly CallFacts[] {
  if (!isPlainArray(list)) return [];
  return list.filter(isPlainObject).map((call) => ({
    method: textField(call, 'method'),
    to: textField(call, to),
    status: typeof call.status === 'number' || typeof call.status === 'string' ? String(call.status) : '–',
    durationMs: numberField(call, 'duration_ms'),
    attempts: numberField(call, 'attempts'),
  }));
}

/** What was typed is taken out of numbers too: then it is none. */
function numberField(fields: PlainObject, name: string): number | null {
  const value = fields[name];
  return typeof value === 'number' ? value : null;
}
