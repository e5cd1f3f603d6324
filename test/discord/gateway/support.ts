import { judgeShard, type Verdict } from '../../../src/discord/gateway/judge';
import { Shard } from '../../../src/discord/gateway/shard';

/** One shard on a clock of its own: days of it pass at once. */

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** Between heartbeats, as Discord asks for them. */
export const INTERVAL = 41_250;
/** Midnight. */
export const START = Date.UTC(2026, 0, 5);

export interface Traffic {
  /** Milliseconds to the next dispatch, told the time; Infinity for none. */
  readonly gapMs?: (at: number) => number;
  readonly acks?: boolean;
}

/** A shard that came up at `START`, and the time as it goes by. */
export function createHistory() {
  const shard = new Shard(0);
  let now = START;
  let nextAck = START + INTERVAL;
  let foundDeaf = 0;
  shard.connecting(now);
  shard.up(now);

  return {
    shard,
    now: () => now,
    foundDeaf: () => foundDeaf,
    verdict: (): Verdict => judgeShard(shard, now),
    /** Lets time pass, with the heartbeats and dispatches of a connection that is up. */
    pass(ms: number, { gapMs = () => Infinity, acks = true }: Traffic = {}): void {
      const end = now + ms;
      let nextDispatch = now + gapMs(now);
      while (Math.min(nextAck, nextDispatch) <= end) {
        now = Math.min(nextAck, nextDispatch);
        if (now === nextDispatch) {
          shard.dispatched(now);
          nextDispatch = now + gapMs(now);
        } else {
          nextAck += INTERVAL;
          if (acks && shard.acknowledged(50, now)) foundDeaf += 1;
        }
      }
      now = end;
    },
    /** Lets time pass without anything. */
    wait(ms: number): void {
      now += ms;
      nextAck = now + INTERVAL;
    },
    /** The connection closes, and the next attempt begins. */
    drop(code = 4200): void {
      shard.closed(code, now);
      shard.connecting(now);
    },
    comeUp(): void {
      shard.up(now);
      nextAck = now + INTERVAL;
    },
  };
}

export const every = (ms: number) => (): number => ms;
