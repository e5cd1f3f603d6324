import { isPlainObject } from '../logging/plain';
import { groupOf } from '../stats/fingerprint';
import { REFERENCE_LENGTH, textField, type LogEntry } from './entry';

/** Lines that tell of the same error: one name and one message, but for the numbers and ids in it. */
export interface ErrorTotal {
  /** The error's; the logger's where a line tells of no error object. */
  readonly name: string;
  /** With `#` for what differs from one to the next. At most 200 characters. */
  readonly message: string;
  readonly count: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** Of the newest lines, newest first, at most 3: what users were shown, and `--trace` takes. */
  readonly references: readonly string[];
}

export interface ErrorTotals {
  add(entry: LogEntry): void;
  /** The most frequent first. */
  totals(): readonly ErrorTotal[];
}

/** Different errors that are told apart; all others are counted as one. */
const MAX_APART = 1000;
const OTHERS = { name: '_other', message: 'Other errors' };
const MESSAGE_LENGTH = 200;
const REFERENCES = 3;

interface Cell {
  name: string;
  message: string;
  count: number;
  firstSeen: string;
  lastSeen: string;
  newest: readonly { readonly timestamp: string; readonly reference: string }[];
}

export function createErrorTotals(): ErrorTotals {
  const cells = new Map<string, Cell>();
  return {
    add: (entry) => {
      const known = describe(entry);
      const key = `${known.name}\n${known.message}`;
      const { name, message } = cells.size < MAX_APART || cells.has(key) ? known : OTHERS;
      const { timestamp } = entry;
      const fresh = { name, message, count: 0, firstSeen: timestamp, lastSeen: timestamp, newest: [] };
      const cell = cells.get(`${name}\n${message}`) ?? fresh;
      cells.set(`${name}\n${message}`, cell);
      cell.count += 1;
      if (timestamp < cell.firstSeen) cell.firstSeen = timestamp;
      if (timestamp > cell.lastSeen) cell.lastSeen = timestamp;
      cell.newest = withReference(cell.newest, entry);
    },
    totals: () =>
      [...cells.values()]
        .sort((a, b) => b.count - a.count || b.lastSeen.localeCompare(a.lastSeen))
        .map(({ newest, ...total }) => ({ ...total, references: newest.map(({ reference }) => reference) })),
  };
}

function describe({ fields }: LogEntry): { readonly name: string; readonly message: string } {
  const error = isPlainObject(fields.error) ? fields.error : null;
  const name = error === null ? textField(fields, 'logger') : textField(error, 'name');
  const message = textField(error ?? fields, 'message').slice(0, 10 * MESSAGE_LENGTH);
  return { name, message: groupOf(message).slice(0, MESSAGE_LENGTH) };
}

function withReference(newest: Cell['newest'], { timestamp, fields }: LogEntry): Cell['newest'] {
  const reference = textField(fields, 'trace_id').slice(0, REFERENCE_LENGTH);
  const oldest = newest.at(-1);
  if (reference === '' || newest.some((one) => one.reference === reference)) return newest;
  if (newest.length >= REFERENCES && oldest !== undefined && timestamp <= oldest.timestamp) return newest;
  return [...newest, { timestamp, reference }]
    .sort((a, b) => b.timestamp.localeCompare(a.timestamp))
    .slice(0, REFERENCES);
}
