import type { InvocationRow } from './invocation-row';

/** Rows on their way to the database, in bounded memory. One batch at a time is out; the next leaves when it is in. */
export interface WriteQueue {
  /** Queues a row. One that finds no room is dropped and counted; gives whether it found room. */
  add(row: InvocationRow): boolean;
  /** The batch of this number is in the database, or never will be. Gives how many rows it has. */
  settle(seq: number): number;
  /** Sends the batch that is out once more: whoever had it is gone. */
  resend(): void;
  /** Sends what waits now, without waiting for company. */
  flush(): void;
  /** Resolves once everything queued by now is settled. */
  settled(): Promise<void>;
  /** Gives up all that waits, and says how many rows that are. */
  abandon(): number;
  readonly waiting: number;
  /** The number of the batch that is out; null if none is. */
  readonly outSeq: number | null;
  /** Since when a batch has been out, on the monotonic clock in milliseconds; null if none is. */
  readonly outSince: number | null;
  readonly droppedFull: number;
}

export interface WriteQueueOptions {
  readonly send: (batch: { readonly seq: number; readonly rows: readonly InvocationRow[] }) => void;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
  /** How long a row waits for company, in milliseconds. */
  readonly windowMs: number;
  /** Rows that wait at most, those that are out included. */
  readonly capacity: number;
  /** Rows in a batch at most. */
  readonly batchRows: number;
}

export function createWriteQueue(options: WriteQueueOptions): WriteQueue {
  const { send, monotonic, windowMs, capacity, batchRows } = options;
  let rows: InvocationRow[] = [];
  let out: { readonly seq: number; readonly rows: readonly InvocationRow[] } | null = null;
  let timer: NodeJS.Timeout | null = null;
  let nextSeq = 1;
  let droppedFull = 0;
  let outSince = 0;
  /** Those who wait for the settling of everything up to a batch. */
  let waiters: { readonly seq: number; readonly resolve: () => void }[] = [];

  function dispatch(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (out !== null || rows.length === 0) return;
    out = { seq: nextSeq, rows: rows.length <= batchRows ? rows : rows.slice(0, batchRows) };
    rows = rows.length <= batchRows ? [] : rows.slice(batchRows);
    nextSeq += 1;
    outSince = monotonic();
    send(out);
  }

  /** The number that the last of the rows queued now will leave under. */
  const lastSeq = (): number => nextSeq - 1 + Math.ceil(rows.length / batchRows);

  return {
    add(row) {
      if (rows.length + (out?.rows.length ?? 0) >= capacity) {
        droppedFull += 1;
        return false;
      }
      rows.push(row);
      if (out === null) timer ??= setTimeout(dispatch, windowMs);
      return true;
    },
    settle(seq) {
      if (out?.seq !== seq) return 0;
      const settled = out.rows.length;
      out = null;
      const done = waiters.filter((waiter) => waiter.seq <= seq);
      waiters = waiters.filter((waiter) => waiter.seq > seq);
      for (const { resolve } of done) resolve();
      // Whatever came while that batch was out has waited long enough.
      dispatch();
      return settled;
    },
    resend() {
      if (out !== null) send(out);
    },
    flush: dispatch,
    settled() {
      if (out === null && rows.length === 0) return Promise.resolve();
      const seq = lastSeq();
      dispatch();
      return new Promise((resolve) => {
        waiters.push({ seq, resolve });
      });
    },
    abandon() {
      const lost = rows.length + (out?.rows.length ?? 0);
      if (timer !== null) clearTimeout(timer);
      timer = null;
      rows = [];
      out = null;
      for (const { resolve } of waiters) resolve();
      waiters = [];
      return lost;
    },
    get waiting() {
      return rows.length + (out?.rows.length ?? 0);
    },
    get outSeq() {
      return out?.seq ?? null;
    },
    get outSince() {
      return out === null ? null : outSince;
    },
    get droppedFull() {
      return droppedFull;
    },
  };
}
