import { within } from '../within';
import { RefusedError } from '../post/failure';
import type { Message } from '../post/message';
import { createPoster, type Answer } from '../post/post';
import type { Loss } from './losses';
import { LONGEST_PAUSE_MS, pauseMs } from './pause';

/** Messages that may be on their way at once; the others wait. */
const MAX_UNDERWAY = 64;
const MAX_WAITING = 1000;
/** Of all that wait and are on their way: a thousand usual ones, or a hundred of the largest. */
const MAX_BYTES = 8 * 1024 ** 2;

export interface OutboxOptions {
  /** How long Sentry may take to answer, in milliseconds. */
  readonly requestLimitMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Called for events that are lost; for those that were sent, with what was wrong. */
  readonly lost: (this: void, reason: Loss, events: number, error?: unknown) => void;
  /** Called when one has arrived, and none waits. */
  readonly recovered: (this: void) => void;
}

export interface Outbox {
  /** Why one more would be lost; null where there is room. */
  refusal(this: void): Loss | null;
  /** Takes one; whether there is room is asked before. */
  add(this: void, message: Message): void;
  /** Waits until all are sent, at most so long, and keeps the process for it. Gives how many are lost for that. */
  flush(this: void, limitMs: number): Promise<number>;
  /** Gives away all that waits, with what is on its way: nobody knows whether that will arrive. */
  takeAll(this: void): readonly Message[];
  /** Closes what is open for the next one. */
  close(this: void): void;
}

/** Opens a bounded queue before Sentry, in order. What Sentry did not take is not sent again. */
export function createOutbox({ requestLimitMs, now, lost, recovered }: OutboxOptions): Outbox {
  const poster = createPoster();
  const underway = new Map<Message, AbortController>();
  const waiting: Message[] = [];
  let bytes = 0;
  let pausedUntil = 0;
  let idle: (() => void)[] = [];

  /** Also where the clock was set back in the meantime. */
  const isPaused = (): boolean => {
    const leftMs = pausedUntil - now();
    return leftMs > 0 && leftMs <= LONGEST_PAUSE_MS;
  };

  async function send(message: Message): Promise<void> {
    const ending = new AbortController();
    underway.set(message, ending);
    const late = new Error(`no answer within ${requestLimitMs / 1000} s`);
    const timer = setTimeout(() => ending.abort(late), requestLimitMs).unref();
    const result = await poster.post(message, ending.signal).then(
      (answer) => ({ answer }),
      (error: unknown) => ({ answer: null, error: ending.signal.aborted ? late : error }),
    );
    clearTimeout(timer);
    // What was given away is not ours to count.
    if (underway.delete(message)) ended(message, result);
  }

  function ended(message: Message, result: Result): void {
    bytes -= message.body.byteLength;
    const pause = result.answer === null ? 0 : pauseMs(result.answer, now());
    if (pause > 0) pausedUntil = now() + pause;
    const isTaken = settle(result, lost);
    sendWaiting();
    if (isTaken && waiting.length === 0) recovered();
  }

  function sendWaiting(): void {
    if (isPaused()) dropWaiting();
    while (underway.size < MAX_UNDERWAY) {
      const next = waiting.shift();
      if (next === undefined) break;
      void send(next);
    }
    if (underway.size === 0) wake();
  }

  function dropWaiting(): void {
    const dropped = waiting.splice(0);
    for (const { body } of dropped) bytes -= body.byteLength;
    if (dropped.length > 0) lost('rate_limited', dropped.length);
  }

  function wake(): void {
    for (const resolve of idle) resolve();
    idle = [];
  }

  function takeAll(): readonly Message[] {
    const left = [...underway.keys(), ...waiting.splice(0)].map(poster.located);
    const endings = [...underway.values()];
    underway.clear();
    bytes = 0;
    for (const ending of endings) ending.abort();
    wake();
    return left;
  }

  return {
    refusal() {
      if (isPaused()) return 'rate_limited';
      return waiting.length >= MAX_WAITING || bytes >= MAX_BYTES ? 'queue_full' : null;
    },
    add(message) {
      bytes += message.body.byteLength;
      waiting.push(message);
      sendWaiting();
    },
    async flush(limitMs) {
      if (underway.size === 0) return 0;
      const ended = poster.ending();
      await within(new Promise<void>((resolve) => idle.push(resolve)), limitMs);
      ended();
      const left = takeAll().length;
      if (left > 0) lost('closed', left);
      return left;
    },
    takeAll,
    close: poster.close,
  };
}

const TOO_MANY = 429;

type Result = { readonly answer: Answer } | { readonly answer: null; readonly error: unknown };

/** Tells of one that is lost; gives whether it was taken. */
function settle(result: Result, lost: OutboxOptions['lost']): boolean {
  const { answer } = result;
  if (answer === null) lost('send_failed', 1, result.error);
  else if (answer.status === TOO_MANY) lost('rate_limited', 1);
  else if (answer.status < 200 || answer.status > 299) lost('send_failed', 1, new RefusedError(answer));
  else return true;
  return false;
}
