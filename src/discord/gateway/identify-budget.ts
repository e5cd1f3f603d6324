/** How many sessions may still be started today, counted down from what Discord said last. */
export interface IdentifyBudget {
  /** What `GET /gateway/bot` answered. An answer that is handed out again (discord.js keeps it) changes nothing. */
  told(limit: SessionStartLimit): void;
  /** A session is being started. */
  spent(): void;
  /** Null before Discord has said anything. Sessions that other processes start since are not in it. */
  remaining(): number | null;
  /** True once each time that less than a tenth is left, or too little to start all these shards twice. */
  runsLow(shards: number): boolean;
}

export interface SessionStartLimit {
  readonly total: number;
  readonly remaining: number;
  /** Milliseconds until `total` are left again. */
  readonly reset_after: number;
}

const DAY_MS = 86_400_000;
const LOW_RATIO = 0.1;

export function createIdentifyBudget(now: () => number): IdentifyBudget {
  let limit: SessionStartLimit | null = null;
  let remaining = 0;
  let resetsAt = Infinity;
  let warned = false;

  /** discord.js asks once and keeps the answer, whatever the day. */
  function turnDay(): void {
    if (limit === null || now() < resetsAt) return;
    remaining = limit.total;
    warned = false;
    resetsAt += DAY_MS * (1 + Math.floor((now() - resetsAt) / DAY_MS));
  }

  return {
    told(next) {
      if (next === limit) return;
      limit = next;
      remaining = next.remaining;
      resetsAt = now() + next.reset_after;
    },
    spent() {
      turnDay();
      remaining = Math.max(0, remaining - 1);
    },
    remaining() {
      turnDay();
      return limit === null ? null : remaining;
    },
    runsLow(shards) {
      if (limit === null) return false;
      const low = remaining < Math.max(LOW_RATIO * limit.total, 2 * shards);
      const news = low && !warned;
      warned = low;
      return news;
    },
  };
}
