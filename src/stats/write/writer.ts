import { setTimeout as sleep } from 'node:timers/promises';
import { describeDatabaseError } from '../database/errors';
import type { Gate } from '../../thread-gate';
import type { FromWriter, ThreadData, ToWriter } from '../threads/protocol';
import { createChores } from './chores';
import { createConnector, type Connection } from './connection';
import { forgetGuild, forgetUser } from './forget';
import { createTurns } from './turns';

/** What the writing thread does: batches in their order, errands between them, and chores while nothing waits. */
export interface Writer {
  /** Resolves when it is done; with true once there is nothing more to do. Never rejects. */
  handle(message: ToWriter): Promise<boolean>;
}

export interface WriterOptions {
  readonly data: ThreadData;
  /** Keeps the thread from being ended inside the database. */
  readonly gate: Gate;
  readonly post: (message: FromWriter) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** So often is a batch tried that fails for a reason that will not go away by waiting. */
const HOPELESS_TRIES = 3;
/** An errand is for somebody who waits. */
const ERRAND_TRIES = 2;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5000;
const CHORE_INTERVAL_MS = 1000;

export function createWriter(options: WriterOptions): Writer {
  const { data, post, now } = options;
  const connector = createConnector(options);
  const turn = createTurns();
  const chores = createChores({ retentionDays: data.retentionDays, now });
  const choreTimer = setInterval(() => void turn(doChores), CHORE_INTERVAL_MS).unref();
  let choreFailed = false;
  const opened = turn(() => persist(() => Promise.resolve(), Infinity));

  /** Does the work, as often as it takes: a database that is away comes back, and one that is locked is let go of. */
  async function persist<Result>(
    work: (connection: Connection) => Promise<Result>,
    tries: number,
  ): Promise<Result> {
    let hopeless = 0;
    for (let attempt = 1; ; attempt += 1) {
      let connection: Connection | null = null;
      try {
        connection = await connector.open();
        return await work(connection);
      } catch (error) {
        const { kind, detail } = describeDatabaseError(error);
        if (connection !== null && kind === 'other') hopeless += 1;
        // An SQLite file may have been replaced, and a connection broken: the next try begins from the start.
        if (kind !== 'locked') await connector.close().catch(() => undefined);
        if (attempt >= tries || hopeless >= HOPELESS_TRIES) throw error;
        if (attempt > 1) post({ type: 'failing', detail });
        await sleep(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt));
      }
    }
  }

  async function write(batch: Extract<ToWriter, { type: 'write' }>): Promise<void> {
    const { seq, rows } = batch;
    try {
      await persist(({ inserter }) => inserter.write(batch), Infinity);
      chores.wrote(rows);
      post({ type: 'written', seq });
    } catch (error) {
      post({ type: 'rejected', seq, detail: describeDatabaseError(error).detail });
    }
  }

  /** Takes a turn for each of its pieces, so that no batch waits for all of it. */
  async function errand(id: number, work: (connection: Connection) => Promise<number>): Promise<void> {
    try {
      post({ type: 'answered', id, result: await persist(work, ERRAND_TRIES) });
    } catch (error) {
      post({ type: 'failed', id, detail: describeDatabaseError(error).detail });
    }
  }

  async function doChores(): Promise<void> {
    if (await connector.isGone()) await connector.close().catch(() => undefined);
    const connection = await connector.open().catch((error: unknown) => {
      post({ type: 'failing', detail: describeDatabaseError(error).detail });
    });
    if (connection === undefined) return;
    try {
      // One small piece a turn, so that no batch waits long.
      if (await chores.doOne(connection.database)) setImmediate(() => void turn(doChores));
      if (choreFailed) post({ type: 'recovered' });
      choreFailed = false;
    } catch (error) {
      choreFailed = true;
      const { kind, detail } = describeDatabaseError(error);
      if (kind !== 'locked') await connector.close().catch(() => undefined);
      post({ type: 'chore_failed', chore: chores.current(), detail });
    }
  }

  return {
    async handle(message) {
      switch (message.type) {
        case 'write': {
          await turn(() => write(message));
          return false;
        }
        case 'forget_user': {
          const { id, userId } = message;
          await errand(id, ({ database, inserter }) => forgetUser(database, inserter.forget(userId), turn));
          return false;
        }
        case 'forget_guild': {
          const { id, guildId } = message;
          await errand(id, ({ database }) => forgetGuild(database, guildId, turn));
          return false;
        }
        case 'close': {
          clearInterval(choreTimer);
          await opened.catch(() => undefined);
          await turn(() => connector.close()).catch(() => undefined);
          post({ type: 'closed' });
          return true;
        }
      }
    },
  };
}
