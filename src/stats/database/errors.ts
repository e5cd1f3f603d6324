export type DatabaseErrorKind =
  /** The data is damaged, or was never a database's. */
  | 'corrupt'
  /** Somebody else holds it for the moment, or it was too busy: worth trying again. */
  | 'locked'
  | 'full'
  | 'read_only'
  /** It cannot be reached or opened now. */
  | 'away'
  | 'newer_schema'
  /** It is there, but not for us: a wrong password, no such database, no permission. */
  | 'refused'
  | 'other';

/** Something about the database that we found out ourselves. */
export class DatabaseProblem extends Error {
  override readonly name = 'DatabaseProblem';
  constructor(
    readonly kind: DatabaseErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface DatabaseErrorDescription {
  readonly kind: DatabaseErrorKind;
  /** A sentence or two for whoever runs the bot: what is wrong and, where one can tell, the way out. */
  readonly detail: string;
}

type Rule = readonly [pattern: RegExp, kind: DatabaseErrorKind, saying: string];

/** By SQLite's result codes, PostgreSQL's SQLSTATE and the system's error codes; the first that fits. */
const RULES: readonly Rule[] = [
  [/^SQLITE_(CORRUPT|NOTADB)/, 'corrupt', 'The database file is damaged, or is no SQLite database.'],
  [/^SQLITE_(BUSY|LOCKED|PROTOCOL)/, 'locked', 'Another process holds the database file locked.'],
  [/^SQLITE_FULL/, 'full', 'The disk with the database file is full.'],
  [/^SQLITE_NOMEM/, 'full', 'The database ran out of memory.'],
  [/^SQLITE_(READONLY|PERM|AUTH)/, 'read_only', 'The database file, or its directory, cannot be written.'],
  [/^SQLITE_CANTOPEN/, 'away', 'The database file cannot be opened: look at its directory and permissions.'],
  [/^SQLITE_IOERR/, 'away', 'The disk failed to read or write the database file.'],
  [/^28/, 'refused', 'PostgreSQL refused the user or the password.'],
  [/^(42P01|42703)/, 'away', 'A table of the statistics, or a column of one, is missing.'],
  [/^3D000/, 'refused', 'PostgreSQL has no database of that name.'],
  [/^42501/, 'refused', 'PostgreSQL does not permit that to this user.'],
  [/^(08|57P|53300)/, 'away', 'PostgreSQL is not there for us now.'],
  [/^(40|55P03)/, 'locked', 'PostgreSQL asked to try again.'],
  [/^57014/, 'locked', 'PostgreSQL took too long.'],
  [/^53[12]00/, 'full', 'PostgreSQL ran out of disk or memory.'],
  [/^25006/, 'read_only', 'PostgreSQL takes no writes here: a replica, or a database set to read-only.'],
  [/^XX00[12]/, 'corrupt', 'PostgreSQL found its own files damaged.'],
  [/^(ENOSPC|EDQUOT)/, 'full', 'The disk is full.'],
  [/^(EROFS|EACCES|EPERM)/, 'read_only', 'The directory of the database cannot be written.'],
  [/^(ECONN|ENOTFOUND|EAI_|EHOST|ENET|ETIMEDOUT|EPIPE|ENOENT)/, 'away', 'The database cannot be reached.'],
  [
    /^(ENOTDIR|EISDIR|EEXIST)/,
    'away',
    'The path of the database leads through something that is no directory.',
  ],
];

/** What the drivers say without a code, or with one that says little. */
const SAYINGS: readonly Rule[] = [
  [
    /^no such (table|column)|has no column named/,
    'away',
    'A table of the statistics, or a column of one, is missing.',
  ],
  [/^Query read timeout/i, 'away', 'PostgreSQL does not answer.'],
  [/password must be a string/i, 'refused', 'PostgreSQL asks for a password, and the address has none.'],
  [/SSL|TLS|certificate/i, 'refused', 'The encrypted connection to PostgreSQL failed.'],
  [
    /connection|timeout exceeded|pool after calling end|not queryable/i,
    'away',
    'The database cannot be reached.',
  ],
];

/** Tells any error of a database driver by kind, in words for a person; never with a password or a whole address. */
export function describeDatabaseError(error: unknown): DatabaseErrorDescription {
  if (error instanceof DatabaseProblem) return { kind: error.kind, detail: error.message };
  const message = messageOf(error);
  const found =
    RULES.find(([pattern]) => pattern.test(codeOf(error))) ??
    SAYINGS.find(([pattern]) => pattern.test(message));
  if (!found) return { kind: 'other', detail: `The database failed: ${message}.` };
  const [, kind, saying] = found;
  return { kind, detail: `${saying} (${message})` };
}

/** Whether the data itself is damaged, or no database at all. */
export function isCorruption(error: unknown): boolean {
  return describeDatabaseError(error).kind === 'corrupt';
}

/** Whether a table that was asked for is not there. */
export function isMissingTable(error: unknown): boolean {
  return codeOf(error) === '42P01' || messageOf(error).startsWith('no such table');
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message || codeOf(error) || error.name : String(error);
  return message
    .replace(/\b[a-z]+:\/\/\S+/gi, '…')
    .replace(/\s+/g, ' ')
    .replace(/\.$/, '')
    .slice(0, 300);
}
