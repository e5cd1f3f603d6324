import type { CommandContext } from '../src/discord/command';
import { textField, type LogEntry } from '../src/log-reader/entry';
import { EVERYTHING } from '../src/log-reader/query';
import type { LinesAnswer } from '../src/log-reader/search';
import type { StoredInvocation } from '../src/stats/stats';

/** What the log and the statistics hold of one trace. */

export interface Story {
  readonly traceId: string;
  /** Other traces that begin with the same digits, the newest first. */
  readonly others: readonly string[];
  readonly stored: StoredInvocation | null;
  /** All that was logged in it, oldest first. */
  readonly lines: readonly LogEntry[];
  /** The line that settled it. */
  readonly settled: LogEntry | null;
  /** Traces of presses on what it put there. */
  readonly presses: readonly string[];
}

export interface Found {
  /** Null where nothing begins with these digits. */
  readonly story: Story | null;
  /** Null where the log cannot be read. */
  readonly log: LinesAnswer | null;
  readonly isStoreAway: boolean;
}

const MAX_LINES = 1000;
const MAX_STORED = 20;

/** Looks for the newest trace that begins with these digits. Never rejects: where it could not look, it says so. */
export async function findStory(digits: string, { logs, stats }: CommandContext): Promise<Found> {
  const [log, stored] = await Promise.all([
    logs.newest({ ...EVERYTHING, traces: [digits] }, MAX_LINES).catch(() => null),
    stats.invocations({ trace: digits, limit: MAX_STORED }).catch(() => null),
  ]);
  const story = storyOf(digits, log?.entries ?? [], stored ?? []);
  return { story, log, isStoreAway: stored === null };
}

function storyOf(
  digits: string,
  entries: readonly LogEntry[],
  rows: readonly StoredInvocation[],
): Story | null {
  const [traceId, ...others] = tracesIn(entries, rows).filter((one) => one.startsWith(digits));
  if (traceId === undefined) return null;
  const lines = entries.filter((entry) => traceOf(entry) === traceId);
  const pressed = entries.filter(({ fields }) => textField(fields, 'parent_trace_id') === traceId);
  return {
    traceId,
    others,
    stored: rows.find((row) => row.traceId === traceId) ?? null,
    lines,
    settled: lines.find(({ fields }) => textField(fields, 'event') === 'command_settled') ?? null,
    presses: [...new Set(pressed.map(traceOf))],
  };
}

/** The newest first. */
function tracesIn(entries: readonly LogEntry[], rows: readonly StoredInvocation[]): readonly string[] {
  const seen = [
    ...entries.map((entry) => ({ traceId: traceOf(entry), at: entry.timestamp })),
    ...rows.map(({ traceId, at }) => ({ traceId, at })),
  ];
  const newestFirst = seen.toSorted((a, b) => (a.at < b.at ? 1 : -1));
  return [...new Set(newestFirst.map(({ traceId }) => traceId))];
}

const traceOf = ({ fields }: LogEntry): string => textField(fields, 'trace_id');
