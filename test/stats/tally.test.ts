import { LatencySketch } from '../../src/stats/sketch';
import {
  addToTally,
  createTally,
  encodeDetails,
  mergeDetails,
  mergeLatency,
  mergeTally,
  type CountedRow,
  type Tally,
} from '../../src/stats/tally';
import { createUserHash } from '../../src/stats/user-hash';

const hash = createUserHash(Buffer.from('a key'));
const row = (i: number): CountedRow => ({
  at: 1_000 + i,
  outcome: i % 5 === 0 ? 'failed' : i % 7 === 0 ? 'refused' : 'ok',
  reason: i % 5 === 0 ? 'exception' : i % 7 === 0 ? ['cooldown', 'permission'][i % 2]! : null,
  duration_seconds: (i % 400) / 100,
  ack_seconds: i % 3 === 0 ? null : (i % 400) / 200,
  user_hash: i % 11 === 0 ? null : hash(String(i % 50)),
});
const rows = Array.from({ length: 1_000 }, (_, i) => row(i));
const tallyOf = (counted: readonly CountedRow[]): Tally => {
  const tally = createTally();
  for (const one of counted) addToTally(tally, one);
  return tally;
};
const seen = (tally: Tally): unknown => ({
  ...tally,
  refusals: Object.fromEntries(tally.refusals),
  failures: Object.fromEntries(tally.failures),
  latency: [0, 0.5, 0.95, 0.99, 1].map((q) => tally.latency.quantile(q)),
  ack: [0, 0.5, 0.95, 0.99, 1].map((q) => tally.ack.quantile(q)),
  users: tally.users.count(),
});

describe('a tally', () => {
  it('counts what ran by outcome and reason, who ran it, how long it took, and when it was used last', () => {
    expect(seen(tallyOf(rows))).toMatchObject({
      ok: 686,
      refused: 114,
      failed: 200,
      lastUsedAt: 1_999,
      refusals: { cooldown: 57, permission: 57 },
      failures: { exception: 200 },
      users: 50,
    });
  });

  it('is the same whether rows were counted together or apart, in whatever order', () => {
    const parts = Array.from({ length: 20 }, (_, i) => tallyOf(rows.slice(i * 50, i * 50 + 50)));
    const merged = createTally();
    for (const part of parts.toReversed()) mergeTally(merged, part);
    expect(seen(merged)).toEqual(seen(tallyOf(rows)));
  });

  it('is the same after it was in the database', () => {
    const before = tallyOf(rows);
    const { ok, refused, failed, lastUsedAt } = before;
    const after = { ...createTally(), ok, refused, failed, lastUsedAt };
    mergeDetails(after, encodeDetails(before));
    expect(seen(after)).toEqual(seen(before));
    const latency = new LatencySketch();
    mergeLatency(latency, encodeDetails(before));
    expect(latency.quantile(0.95)).toBe(before.latency.quantile(0.95));
  });

  it('keeps reasons that only a newer version knows', () => {
    const details = encodeDetails(tallyOf([{ ...row(5), reason: 'brand_new_이유' }]));
    const after = createTally();
    mergeDetails(after, details);
    mergeDetails(after, details);
    expect(Object.fromEntries(after.failures)).toEqual({ brand_new_이유: 2 });
  });

  it('takes little room for an hour with a dozen runs', () => {
    expect(encodeDetails(tallyOf(rows.slice(0, 12))).length).toBeLessThan(160);
    expect(encodeDetails(createTally()).length).toBeLessThan(8);
  });

  it('does not misread what a newer version wrote, nor damaged bytes', () => {
    const details = encodeDetails(tallyOf(rows));
    expect(() => mergeDetails(createTally(), Uint8Array.of(3, ...details.subarray(1)))).toThrow(
      new RangeError('Totals of version 3 cannot be read by this Telltale: run the newer one.'),
    );
    for (let length = 0; length < details.length; length += 1) {
      expect(() => mergeDetails(createTally(), details.subarray(0, length))).toThrow(RangeError);
    }
  });

  it('ends, or says that they are damaged, whatever the bytes are', () => {
    let state = 1;
    const random = (): number => (state = (state * 48_271) % 0x7fffffff);
    const details = encodeDetails(tallyOf(rows.slice(0, 100)));
    for (let round = 0; round < 3_000; round += 1) {
      const bytes = Uint8Array.from(details);
      for (let change = 0; change < 3; change += 1)
        bytes[1 + (random() % (bytes.length - 1))] = random() % 256;
      try {
        mergeDetails(createTally(), bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }
  });
});
