/** Failures of one kind: the same command, reason and message, numbers and ids apart. */
export interface ErrorRow {
  readonly command: string;
  readonly reason: string;
  /** What makes two messages one. */
  readonly group: string;
  /** Of the newest one, like the reference. */
  readonly message: string;
  readonly reference: string;
  /** Milliseconds since the epoch. */
  readonly lastSeen: number;
  readonly count: number;
}

export type ErrorTable = Map<string, ErrorRow>;

/** Distinct rows in one table; what is new beyond them is counted in one more row for its command and reason. */
export const ERROR_ROWS = 100;

/** Counts a row in, together with the one that is the same. No failure goes uncounted. */
export function addError(table: ErrorTable, row: ErrorRow): void {
  const key = `${row.command}\n${row.reason}\n${row.group}`;
  const known = table.get(key);
  if (known) {
    const newest = row.lastSeen >= known.lastSeen ? row : known;
    table.set(key, { ...newest, count: known.count + row.count });
  } else if (table.size < ERROR_ROWS || row.group === OTHERS) {
    table.set(key, row);
  } else {
    addError(table, { ...row, group: OTHERS, message: 'Other messages' });
  }
}

/** No message is grouped under this, since messages are never empty. */
const OTHERS = '';
