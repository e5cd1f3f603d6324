import type { InvocationRow } from '../invocation-row';
import type { Release } from '../release';
import type {
  ChangesQuery,
  ErrorsAnswer,
  InvocationsQuery,
  ReleaseChanges,
  StatsQuery,
  StatsSummary,
  StoredInvocation,
  Timeline,
} from '../stats';

/** What the main thread and the database's two threads say to each other: plain data, each message of a closed set. */

/** What a thread is started with. */
export interface ThreadData {
  readonly url: string;
  /** Of the users' hashes. */
  readonly hashKey: Uint8Array;
  /** Of this process: a batch that is sent once more under it is written once. */
  readonly writerId: string;
  readonly release: Release;
  readonly retentionDays: number;
}

/** What the writing thread is started with. */
export interface WriterData extends ThreadData {
  /** Where it leaves the number of the newest batch that it is done with: at an exit no message comes back. */
  readonly done: SharedArrayBuffer;
}

export type ToWriter =
  | { readonly type: 'write'; readonly seq: number; readonly rows: readonly InvocationRow[] }
  | { readonly type: 'forget_user'; readonly id: number; readonly userId: string }
  | { readonly type: 'forget_guild'; readonly id: number; readonly guildId: string }
  | { readonly type: 'close' };

export type FromWriter =
  /** The database is open. Full paths of the commands that it knows. */
  | { readonly type: 'ready'; readonly commands: readonly string[] }
  | { readonly type: 'written'; readonly seq: number }
  /** The database will never take this batch. */
  | { readonly type: 'rejected'; readonly seq: number; readonly detail: string }
  /** It could not be reached or written; it is being tried again. */
  | { readonly type: 'failing'; readonly detail: string }
  | { readonly type: 'set_aside'; readonly from: string; readonly to: string }
  /** The file is not where it was; another was begun. */
  | { readonly type: 'gone'; readonly file: string }
  /** A chore that had failed was done. */
  | { readonly type: 'recovered' }
  | { readonly type: 'chore_failed'; readonly chore: string; readonly detail: string }
  | Answer<number>
  | { readonly type: 'closed' };

export type Question =
  | {
      readonly type: 'summary';
      readonly query: StatsQuery;
      readonly now: number;
      readonly known: readonly string[];
    }
  | { readonly type: 'timeline'; readonly query: StatsQuery; readonly now: number }
  | { readonly type: 'invocations'; readonly query: InvocationsQuery }
  | { readonly type: 'errors'; readonly query: StatsQuery; readonly now: number }
  | { readonly type: 'changes'; readonly query: ChangesQuery; readonly now: number };

export interface ToReader {
  readonly id: number;
  readonly question: Question;
}

export type FromReader = Answer<
  StatsSummary | Timeline | readonly StoredInvocation[] | ErrorsAnswer | ReleaseChanges | null
>;

/** To a request of that id. */
export type Answer<Result> =
  | { readonly type: 'answered'; readonly id: number; readonly result: Result }
  | { readonly type: 'failed'; readonly id: number; readonly detail: string };
