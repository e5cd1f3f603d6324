const DISCORD_EPOCH_MS = 1_420_070_400_000;
const SEQUENCE_BITS = 22n;
const SEQUENCE_MASK = 0x3f_ffff;

/** Gives unique Discord ids; each holds the moment of its making, by default now. */
export type Snowflakes = (at?: number) => string;

export function createSnowflakes(now: () => number): Snowflakes {
  let sequence = 0;
  return (at = now()) => {
    sequence = (sequence + 1) & SEQUENCE_MASK;
    return String((BigInt(Math.trunc(at) - DISCORD_EPOCH_MS) << SEQUENCE_BITS) | BigInt(sequence));
  };
}

/** The shard that a server's events go to, out of `count`. */
export function shardOf(guildId: string, count: number): number {
  return Number((BigInt(guildId) >> SEQUENCE_BITS) % BigInt(count));
}
