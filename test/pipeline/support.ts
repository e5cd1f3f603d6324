import { createInvocationContext, type InvocationContext } from '../../src/logging/context';
import type { LogFields, Logger, LogLevel } from '../../src/logging/logger';
import { Answer } from '../../src/pipeline/answer';
import type { Deferral } from '../../src/pipeline/deferral';
import { createRunner, type Job, type Runner } from '../../src/pipeline/run';
import type {
  FailureReason,
  Invocation,
  InvocationSettled,
  Outcome,
  TelemetryEvent,
} from '../../src/telemetry/event';
import { createProgress } from '../../src/telemetry/operations';

/** A pipeline on jest's clock: `Date.now` stands in for the monotonic clock, and begins at `START`. */

export const START = Date.UTC(2026, 0, 5);
/** How long before the receipt the interactions of these tests were created, in milliseconds. */
export const DELIVERY_MS = 100;

export interface LoggedLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

/** A logger that keeps what it is given. */
export function keepingLogger(): { readonly logger: Logger; readonly lines: LoggedLine[] } {
  const lines: LoggedLine[] = [];
  const keep =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}): void =>
      void lines.push({ level, message, fields });
  return {
    lines,
    logger: { error: keep('error'), warn: keep('warn'), info: keep('info'), debug: keep('debug') },
  };
}

/** As much of an error of Discord's as tells which it is. */
export class DiscordError extends Error {
  readonly status = 400;
  constructor(readonly code: number) {
    super(`Discord says ${code}`);
  }
}

const REASONS: Readonly<Record<number, FailureReason>> = {
  10062: 'unknown_interaction',
  40060: 'already_acknowledged',
};
const classify = (error: unknown): FailureReason =>
  error instanceof DiscordError ? (REASONS[error.code] ?? 'discord_api') : 'exception';

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
export const never = new Promise<never>(() => undefined);

/** Sends a first answer, as discord.js would: the promise ends as Discord has it. */
export async function send(
  answer: Answer,
  { afterMs, code = null }: { readonly afterMs: number; readonly code?: number | null },
): Promise<void> {
  const attempt = answer.attempt('reply');
  await sleep(afterMs);
  if (code === null) {
    attempt.accepted();
    return;
  }
  const error = new DiscordError(code);
  attempt.refused(error);
  throw error;
}

export interface Run {
  readonly answer: Answer;
  readonly outcome: Promise<Outcome>;
}

export interface Pipeline {
  readonly runner: Runner;
  readonly context: InvocationContext;
  readonly events: readonly TelemetryEvent[];
  readonly lines: readonly LoggedLine[];
  /** How each user was told that it was refused or has failed. */
  readonly told: readonly Outcome[];
  /** How often the event loop or the clocks were asked about. */
  readonly measurements: () => number;
  readonly settled: () => readonly InvocationSettled[];
  readonly start: (handler: Handler, options?: StartOptions) => Run;
}

export type Handler = (answer: Answer, signal: () => AbortSignal) => unknown;

export interface StartOptions {
  readonly timeoutSeconds?: number;
  readonly tell?: (answer: Answer) => Promise<void>;
  readonly invocation?: Partial<Invocation>;
  /** Nobody waits for an answer, as to a message. */
  readonly text?: true;
  readonly isThinking?: () => Promise<boolean>;
  readonly defer?: { readonly afterSeconds: number; readonly run: (answer: Answer) => Promise<void> };
}

export interface PipelineOptions {
  /** When the event loop was blocked: milliseconds since `START`. */
  readonly blocked?: readonly (readonly [from: number, to: number])[];
  readonly clockOffsetSeconds?: number | null;
}

export function createPipeline({ blocked = [], clockOffsetSeconds = null }: PipelineOptions = {}): Pipeline {
  const events: TelemetryEvent[] = [];
  const told: Outcome[] = [];
  let measurements = 0;
  const { logger, lines } = keepingLogger();
  const context = createInvocationContext();
  const monotonic = (): number => Date.now();
  const record = (event: TelemetryEvent): void => void events.push(event);
  const runner = createRunner({
    nextTurn: () => Promise.resolve(),
    record,
    context,
    logger,
    classify,
    monotonic,
    blockedSecondsBetween(from, to) {
      measurements += 1;
      const overlaps = blocked.map(
        ([start, end]) => Math.min(START + end, to) - Math.max(START + start, from),
      );
      return overlaps.reduce((sum, ms) => sum + Math.max(0, ms), 0) / 1000;
    },
    clockOffsetSeconds() {
      measurements += 1;
      return clockOffsetSeconds;
    },
  });
  return {
    runner,
    context,
    events,
    lines,
    told,
    measurements: () => measurements,
    settled: () => events.filter((event) => event.type === 'invocation_settled'),
    start(handler, options = {}) {
      const {
        defer = null,
        timeoutSeconds = 60,
        tell = (answer: Answer) => send(answer, { afterMs: 10 }),
      } = options;
      const answer = new Answer(monotonic);
      const job: Job = {
        invocation: invocation(options.invocation),
        startedAt: Date.now(),
        timeoutSeconds,
        answer: options.text === true ? null : answer,
        defer: defer === null ? null : deferralOf(defer, answer),
        isThinking: options.isThinking ?? null,
        handler: (signal) => handler(answer, signal),
        tell(outcome) {
          told.push(outcome);
          return tell(answer);
        },
      };
      const outcome = runner.run(job);
      return { answer, outcome };
    },
  };
}

function deferralOf({ afterSeconds, run }: NonNullable<StartOptions['defer']>, answer: Answer): Deferral {
  return { afterSeconds, run: () => run(answer) };
}

function invocation(changes: Partial<Invocation> = {}): Invocation {
  return {
    command: 'ping',
    kind: 'chat_input',
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    interactionId: '1',
    guildId: null,
    userId: '2',
    channelId: null,
    shard: 0,
    locale: 'en-US',
    createdAt: Date.now() - DELIVERY_MS,
    receivedAt: Date.now(),
    parentTraceId: null,
    typed: [],
    operations: [],
    progress: createProgress(),
    ...changes,
  };
}
