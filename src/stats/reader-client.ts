import path from 'node:path';
import {
  StoreUnavailableError,
  type ChangesQuery,
  type ErrorsAnswer,
  type InvocationsQuery,
  type ReleaseChanges,
  type StatsQuery,
  type StatsSummary,
  type StoredInvocation,
  type Timeline,
} from './stats';
import type { FromReader, Question, ThreadData, ToReader } from './threads/protocol';
import { superviseThread } from '../supervise-thread';

/** Asks the reading thread, which is started at the first question. Every question is answered, or fails in time. */
export interface ReaderClient {
  summary(query: StatsQuery, now: number, known: readonly string[]): Promise<StatsSummary>;
  timeline(query: StatsQuery, now: number): Promise<Timeline>;
  invocations(query: InvocationsQuery): Promise<readonly StoredInvocation[]>;
  errors(query: StatsQuery, now: number): Promise<ErrorsAnswer>;
  changes(query: ChangesQuery, now: number): Promise<ReleaseChanges | null>;
  /** Lets go of the database: there is another file in its place. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** Short of Discord's 3 s, so that whoever asked can still be told. */
const ANSWER_LIMIT_MS = 2000;
/** Looking for one trace among millions of rows may take longer; nobody in Discord waits for that. */
const SEARCH_LIMIT_MS = 6000;
/** More questions than this at once are refused: those waiting would not be answered in time anyway. */
const PENDING_LIMIT = 100;

export function createReaderClient(options: {
  readonly threadsDirectory: string;
  readonly data: ThreadData;
  /** What the database said, or null once it answers again. */
  readonly onFault: (detail: string | null) => void;
}): ReaderClient {
  const { onFault } = options;
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let closed = false;
  const thread = superviseThread<ToReader, FromReader>({
    file: path.join(options.threadsDirectory, 'reader.js'),
    data: options.data,
    onMessage(message) {
      const asked = take(message.id);
      onFault(message.type === 'failed' ? message.detail : null);
      if (asked === undefined) return; // It was given up.
      if (message.type === 'answered') asked.resolve(message.result as never);
      else asked.reject(new StoreUnavailableError(message.detail));
    },
    onDeath: (error) => failAll(`The thread that reads the statistics ended: ${error.message}`),
  });

  function take(id: number): Pending | undefined {
    const asked = pending.get(id);
    if (asked) clearTimeout(asked.timer);
    pending.delete(id);
    return asked;
  }

  function failAll(reason: string): void {
    for (const id of [...pending.keys()]) take(id)?.reject(new StoreUnavailableError(reason));
  }

  function ask<Result>(question: Question, limitMs: number): Promise<Result> {
    if (closed) return Promise.reject(new StoreUnavailableError('The statistics are closed.'));
    if (pending.size >= PENDING_LIMIT) {
      return Promise.reject(new StoreUnavailableError(`${PENDING_LIMIT} questions are waiting already.`));
    }
    const id = nextId++;
    return new Promise<Result>((resolve, reject) => {
      const timer = setTimeout(() => {
        const detail = `The database did not answer within ${limitMs / 1000} s.`;
        onFault(detail);
        take(id)?.reject(new StoreUnavailableError(detail));
      }, limitMs);
      pending.set(id, { resolve, reject, timer });
      thread.post({ id, question });
    });
  }

  return {
    summary: (query, now, known) => ask({ type: 'summary', query, now, known }, ANSWER_LIMIT_MS),
    timeline: (query, now) => ask({ type: 'timeline', query, now }, ANSWER_LIMIT_MS),
    invocations: (query) =>
      ask({ type: 'invocations', query }, query.trace === undefined ? ANSWER_LIMIT_MS : SEARCH_LIMIT_MS),
    errors: (query, now) => ask({ type: 'errors', query, now }, ANSWER_LIMIT_MS),
    changes: (query, now) => ask({ type: 'changes', query, now }, ANSWER_LIMIT_MS),
    async restart() {
      failAll('The database was replaced; ask again.');
      await thread.end();
    },
    async close() {
      closed = true;
      failAll('The statistics are closed.');
      await thread.end();
    },
  };
}
