import type { ShardConnection } from '../types';

type Count = 'identifies' | 'resumes' | 'heartbeats';

/** What was seen of each shard, over all its connections. */
export interface ShardRecords {
  readonly all: readonly ShardConnection[];
  count(shard: number, what: Count): void;
  opened(shard: number): void;
  identified(shard: number, at: number): void;
  closed(shard: number, code: number, stillOpen: boolean): void;
}

interface MutableRecord {
  shard: number;
  open: boolean;
  identifiedAt: number | null;
  identifies: number;
  resumes: number;
  heartbeats: number;
  closed: number[];
}

export function createShardRecords(): ShardRecords {
  const records = new Map<number, MutableRecord>();
  const recordOf = (shard: number): MutableRecord => {
    const known = records.get(shard);
    if (known !== undefined) return known;
    const counts = { identifies: 0, resumes: 0, heartbeats: 0 };
    const fresh = { shard, open: false, identifiedAt: null, ...counts, closed: [] };
    records.set(shard, fresh);
    return fresh;
  };
  return {
    get all() {
      return [...records.values()].sort((a, b) => a.shard - b.shard);
    },
    count(shard, what) {
      recordOf(shard)[what] += 1;
    },
    opened(shard) {
      recordOf(shard).open = true;
    },
    identified(shard, at) {
      recordOf(shard).identifiedAt = at;
    },
    closed(shard, code, stillOpen) {
      const record = recordOf(shard);
      record.closed.push(code);
      record.open = stillOpen;
    },
  };
}
