export const REGISTER_BITS = 12;
export const REGISTERS = 2 ** REGISTER_BITS;
/** Bits of a hash that stand behind the number of its register, as far as ranks can tell. */
const RANK_BITS = 54;
/** 1 / (2 ln 2) */
const ALPHA = 0.5 / Math.LN2;

/**
 * How many different hashes the registers of a HyperLogLog have seen, without a bias for few or for many: Ertl, "New
 * cardinality estimation algorithms for HyperLogLog sketches", arXiv:1702.01284, 2017, algorithm 6.
 */
export function estimate(registers: Uint8Array): number {
  const withRank = new Float64Array(RANK_BITS + 2);
  // By turns in two tables: the processor need not wait for one count to be stored before it reads the next.
  const others = new Float64Array(RANK_BITS + 2);
  for (let i = 0; i < REGISTERS; i += 2) {
    const [rank, other] = [registers[i] ?? 0, registers[i + 1] ?? 0];
    withRank[rank] = (withRank[rank] ?? 0) + 1;
    others[other] = (others[other] ?? 0) + 1;
  }
  others.forEach((count, rank) => (withRank[rank] = (withRank[rank] ?? 0) + count));
  let z = REGISTERS * tau(1 - (withRank[RANK_BITS + 1] ?? 0) / REGISTERS);
  for (let rank = RANK_BITS; rank >= 1; rank -= 1) z = 0.5 * (z + (withRank[rank] ?? 0));
  z += REGISTERS * sigma((withRank[0] ?? 0) / REGISTERS);
  return (ALPHA * REGISTERS * REGISTERS) / z;
}

/** Corrects for registers that have seen nothing; `share` is theirs, from 0 to 1. */
function sigma(share: number): number {
  if (share === 1) return Infinity;
  let [x, y, z] = [share, 1, share];
  for (let before = -1; z !== before;) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}

/** Corrects for registers that can count no further; `share` is that of all others, from 0 to 1. */
function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let [x, y, z] = [share, 1, 1 - share];
  for (let before = -1; z !== before;) {
    x = Math.sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
}
