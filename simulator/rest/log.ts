import type { IncomingHttpHeaders } from 'node:http';

/** One request that was answered, or given up. */
export interface RestLogEntry {
  readonly method: string;
  /** After the version, without the query: `/channels/1/messages`. */
  readonly path: string;
  /** The route it matched, `/channels/:channelId/messages`; null if none. */
  readonly route: string | null;
  /** 0 if the connection was ended without an answer. */
  readonly status: number;
  /** Discord's JSON error code, if the answer had one. */
  readonly code: number | null;
  /** Milliseconds since the epoch, when it arrived. */
  readonly at: number;
  readonly userAgent: string;
  readonly headers: IncomingHttpHeaders;
}

export interface RestLog {
  readonly entries: readonly RestLogEntry[];
  readonly counts: Readonly<Record<string, number>>;
  add(entry: RestLogEntry): void;
}

/** Keeps between one and two times `capacity` of the newest requests, and counts them all. */
export function createRestLog(capacity = 10_000): RestLog {
  let older: RestLogEntry[] = [];
  let newer: RestLogEntry[] = [];
  const counts: Record<string, number> = {};
  return {
    get entries() {
      return [...older, ...newer].slice(-capacity);
    },
    get counts() {
      return { ...counts };
    },
    add(entry) {
      const key = `${entry.method} ${entry.route ?? 'unknown'}`;
      counts[key] = (counts[key] ?? 0) + 1;
      newer.push(entry);
      if (newer.length < capacity) return;
      older = newer;
      newer = [];
    },
  };
}
