/** Numbers from 0 to 1 that are the same at every run. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Durations as services have them: log-normal, in seconds. */
export function logNormal(count: number, seed: number): number[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => {
    const normal = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    return Math.exp(normal * 1.2 - 2);
  });
}

/** The true quantile, by sorting. */
export function exactQuantile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(q * values.length) - 1)]!;
}
