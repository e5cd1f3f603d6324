import type { Kysely } from 'kysely';
import type { Tables } from './schema';

export type Queries = Kysely<Tables>;

/** Whoever writes also makes the database and brings its tables up to date; whoever reads finds them so. */
export type Role = 'write' | 'read';

/** A database that is open, whichever it is. */
export interface Database {
  readonly kind: 'sqlite' | 'postgres';
  /**
   * Runs work in one transaction that can write; it is undone if the work rejects. With SQLite it is the only writer
   * from its first moment (`begin immediate`).
   */
  write<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result>;
  /** Runs work that sees one state of the data throughout. */
  read<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result>;
  /** Whether the file it was opened from is still there; true where there is no file. */
  inPlace(): Promise<boolean>;
  close(): Promise<void>;
}
