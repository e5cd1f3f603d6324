import path from 'node:path';
import type { Logger } from '../logging/logger';
import type { HealthCheck } from '../telemetry/health';
import type { InvocationRow } from './invocation-row';
import { createErrands } from './errands';
import { StoreUnavailableError } from './stats';
import type { FromWriter, ThreadData, ToWriter, WriterData } from './threads/protocol';
import { superviseThread } from '../supervise-thread';
import { within } from '../within';
import { createWriteQueue, type WriteQueue } from './write-queue';

/** Feeds the writing thread. Whatever the database does, nothing here waits for it, and no row is lost uncounted. */
export interface WriterClient {
  /** Opens the database, so that it is there before the first row. */
  open(this: void): void;
  add(this: void, row: InvocationRow): void;
  /** Resolves once everything added by now is written, or after so long, or at once if writing fails anyway. */
  settled(limitMs: number): Promise<void>;
  /** Rejects with a StoreUnavailableError. */
  forgetUser(this: void, userId: string): Promise<number>;
  forgetGuild(guildId: string): void;
  /** Commands that the database knew when it was opened. */
  knownCommands(): readonly string[];
  health(this: void): HealthCheck;
  dropped(this: void): Readonly<Record<string, number>>;
  /** Writes what waits, for at most 5 s; what is left then is counted and said. */
  close(): Promise<void>;
  /** For the process's `exit` event, after which nothing runs: writes what waits, blocking, for at most so long. */
  drainAtExit(this: void, limitMs: number): void;
}

export interface WriterClientOptions {
  readonly threadsDirectory: string;
  readonly data: ThreadData;
  readonly now: () => number;
  readonly logger: Logger;
  /** Another database stands in the place of the one before. */
  readonly onReplaced: () => void;
}

/** A row waits this long for company: far within the 100 ms after which nothing may be lost. */
const WINDOW_MS = 50;
/** About 25 MB. */
const CAPACITY_ROWS = 50_000;
const BATCH_ROWS = 500;
const RESTART_MS = 1000;
/** Looking through millions of rows takes some seconds; whoever waits longer is told to try again. */
const FORGETTING_LIMIT_MS = 20_000;
const CLOSING_LIMIT_MS = 5000;
const COMPLAINT_INTERVAL_MS = 60_000;
/** From when a batch that is out makes the store's check warn, and fail. */
const SLOW_MS = 1500;
const STUCK_MS = 5000;

export function createWriterClient(options: WriterClientOptions): WriterClient {
  const { threadsDirectory, data, now, logger, onReplaced } = options;
  const dropped = { rejected: 0, closed: 0 };
  const state = { failing: null as string | null, closing: false };
  const complaints = new Map<string, number>();
  let commands: readonly string[] = [];
  let ended: () => void = () => undefined;

  const done = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const thread = superviseThread<ToWriter, FromWriter>({
    file: path.join(threadsDirectory, 'writer.js'),
    data: { ...data, done: done.buffer } satisfies WriterData,
    onMessage,
    onDeath(error) {
      errands.failAll(`The thread that writes the statistics ended: ${error.message}`);
      if (state.closing) {
        ended();
        return;
      }
      fail(`The thread that writes the statistics ended: ${error.message}`);
      setTimeout(() => queue.resend(), RESTART_MS).unref();
    },
  });
  const queue = createWriteQueue({
    send: (batch) => thread.post({ type: 'write', ...batch }),
    monotonic: () => performance.now(),
    windowMs: WINDOW_MS,
    capacity: CAPACITY_ROWS,
    batchRows: BATCH_ROWS,
  });
  const errands = createErrands<ToWriter>((message) => thread.post(message));

  function onMessage(message: FromWriter): void {
    switch (message.type) {
      case 'ready': {
        commands = message.commands;
        if (queue.waiting === 0) recover();
        return;
      }
      case 'written': {
        recover();
        queue.settle(message.seq);
        return;
      }
      case 'rejected': {
        dropped.rejected += queue.settle(message.seq);
        return complain(`The database refused a batch of statistics; it is lost. ${message.detail}`);
      }
      case 'recovered':
        return recover();
      case 'failing':
        return fail(message.detail);
      case 'set_aside': {
        logger.error(
          `The statistics in ${message.from} could not be read: the file is damaged, or no database. ` +
            `It was moved to ${message.to}, and a new one begun. To go back, stop the bot and repair that file.`,
        );
        return onReplaced();
      }
      case 'gone': {
        logger.error(
          `${message.file} was moved, replaced or deleted; what is in its place now is used, or begun anew. Rows of the last second may be missing.`,
        );
        return onReplaced();
      }
      case 'chore_failed':
        return fail(`${message.detail} (${message.chore})`);
      case 'closed':
        return ended();
      default:
        return errands.settle(message);
    }
  }

  function fail(detail: string): void {
    state.failing = detail;
    complain(`Statistics cannot be written: ${detail} Trying again.`);
  }

  /** At most once a minute for each beginning of a complaint. */
  function complain(message: string): void {
    const about = message.slice(0, 30);
    if (now() - (complaints.get(about) ?? -Infinity) < COMPLAINT_INTERVAL_MS) return;
    complaints.set(about, now());
    logger.error(`${message} Rows waiting: ${queue.waiting}, dropped: ${sumOf(lossesOf())}.`);
  }

  function recover(): void {
    if (state.failing === null) return;
    state.failing = null;
    complaints.clear();
    logger.info(`Statistics are written again; rows waiting: ${queue.waiting}.`);
  }

  /** Writes what waits, and lets the thread close the database. */
  async function drain(): Promise<void> {
    await queue.settled();
    if (state.failing !== null) return; // There is nothing to write, and nobody to say goodbye to.
    state.closing = true;
    if (!thread.running) return;
    const closed = new Promise<void>((resolve) => {
      ended = resolve;
    });
    thread.post({ type: 'close' });
    await closed;
  }

  return {
    open: thread.start,
    add(row) {
      if (!queue.add(row)) complain('Too many statistics wait to be written; the newest are dropped.');
    },
    async settled(limitMs) {
      if (state.failing === null) await within(queue.settled(), limitMs);
    },
    forgetUser(userId) {
      // Whoever waits for it is told at once, rather than when the database is back.
      if (state.failing !== null) return Promise.reject(new StoreUnavailableError(state.failing));
      return errands.run((id) => ({ type: 'forget_user', id, userId }), FORGETTING_LIMIT_MS);
    },
    forgetGuild(guildId) {
      errands
        .run((id) => ({ type: 'forget_guild', id, guildId }))
        .then((rows) => logger.info(`The bot left a server; its statistics were erased (${rows} rows).`))
        .catch((error: unknown) => logger.error('The statistics of a server were not erased.', { error }));
    },
    knownCommands: () => commands,
    health: () => healthOf(queue, state.failing, lossesOf()),
    dropped: lossesOf,
    async close() {
      await within(drain(), CLOSING_LIMIT_MS);
      const lost = queue.abandon();
      if (lost > 0) {
        dropped.closed += lost;
        logger.error(
          `Invocations whose statistics are lost: ${lost}. ${state.failing ?? 'The database took too long.'}`,
        );
      }
      await thread.end();
    },
    drainAtExit(limitMs) {
      const until = performance.now() + limitMs;
      queue.flush();
      for (let seq = queue.outSeq; seq !== null && state.failing === null; seq = queue.outSeq) {
        for (let last = Atomics.load(done, 0); last < seq; last = Atomics.load(done, 0)) {
          const leftMs = until - performance.now();
          if (leftMs <= 0) return;
          Atomics.wait(done, 0, last, leftMs);
        }
        queue.settle(seq); // The next one leaves.
      }
    },
  };

  function lossesOf(): { readonly queue_full: number; readonly rejected: number; readonly closed: number } {
    return { queue_full: queue.droppedFull, ...dropped };
  }
}

function healthOf(
  { waiting, outSince }: Pick<WriteQueue, 'waiting' | 'outSince'>,
  failing: string | null,
  losses: Readonly<Record<string, number>>,
): HealthCheck {
  const dropped = sumOf(losses);
  const lateMs = outSince === null ? 0 : performance.now() - outSince;
  const values = { waiting, dropped };
  const count = `Rows waiting: ${waiting}, dropped: ${dropped}.`;
  if (failing !== null) {
    return { status: 'fail', detail: `Statistics cannot be written: ${failing} ${count}`, values };
  }
  if (lateMs < SLOW_MS) return { status: 'ok', detail: `Statistics are written. ${count}`, values };
  const detail = `The database has not answered for ${(lateMs / 1000).toFixed(1)} s. ${count}`;
  return { status: lateMs < STUCK_MS ? 'warn' : 'fail', detail, values };
}

function sumOf(losses: Readonly<Record<string, number>>): number {
  return Object.values(losses).reduce((sum, rows) => sum + rows, 0);
}
