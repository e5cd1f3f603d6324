import { ByteReader, ByteWriter } from '../../src/stats/bytes';
import { LatencySketch } from '../../src/stats/sketch';
import { exactQuantile, logNormal } from './latencies';

const QUANTILES = [0, 0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1];
const sketchOf = (seconds: readonly number[]): LatencySketch => {
  const sketch = new LatencySketch();
  for (const value of seconds) sketch.add(value);
  return sketch;
};
const relativeErrors = (sketch: LatencySketch, values: readonly number[]): number[] =>
  QUANTILES.map((q) => {
    const exact = exactQuantile(values, q);
    return Math.abs((sketch.quantile(q) ?? NaN) - exact) / exact;
  });

const encoded = (sketch: LatencySketch): Uint8Array => {
  const writer = new ByteWriter();
  sketch.encode(writer);
  return writer.finish();
};
const decoded = (...parts: readonly Uint8Array[]): LatencySketch => {
  const sketch = new LatencySketch();
  for (const bytes of parts) sketch.mergeEncoded(new ByteReader(bytes));
  return sketch;
};
const varints = (...values: readonly number[]): Uint8Array => {
  const writer = new ByteWriter();
  for (const value of values) writer.varint(value);
  return writer.finish();
};

describe('the latency sketch', () => {
  it('gives every percentile within 2 % of the true one', () => {
    const values = logNormal(20_000, 7);
    expect(Math.max(...relativeErrors(sketchOf(values), values))).toBeLessThanOrEqual(0.02 + 1e-9);
  });

  it('gives the percentiles of an hour from those of its minutes, in whatever order they are merged', () => {
    const values = logNormal(6_000, 11);
    const parts = Array.from({ length: 60 }, (_, i) => sketchOf(values.slice(i * 100, i * 100 + 100)));
    const forwards = new LatencySketch();
    const backwards = new LatencySketch();
    for (const part of parts) forwards.merge(part);
    for (const part of parts.toReversed()) backwards.merge(part);
    const whole = sketchOf(values);
    expect(QUANTILES.map((q) => forwards.quantile(q))).toEqual(QUANTILES.map((q) => whole.quantile(q)));
    expect(QUANTILES.map((q) => backwards.quantile(q))).toEqual(QUANTILES.map((q) => whole.quantile(q)));
  });

  it('lets the slow one of two runs show in the 95th percentile', () => {
    expect(sketchOf([0.005, 0.026]).quantile(0.95)).toBeCloseTo(0.026, 3);
  });

  it('tells a single run exactly, and nothing where nothing ran', () => {
    expect(sketchOf([0.1234]).quantile(0.95)).toBe(0.1234);
    expect(new LatencySketch().quantile(0.5)).toBeNull();
    const merged = sketchOf([0.5]);
    merged.merge(new LatencySketch());
    expect(merged.quantile(0.5)).toBe(0.5);
  });

  it('counts what takes longer than a duration, up to the 2 % that it tells apart', () => {
    const values = logNormal(5_000, 5);
    const sketch = sketchOf(values);
    for (const seconds of [0.001, 0.1, exactQuantile(values, 0.95), 5, 1000]) {
      const above = (limit: number): number => values.filter((value) => value > limit).length;
      expect(sketch.countAbove(seconds)).toBeLessThanOrEqual(above(seconds));
      expect(sketch.countAbove(seconds)).toBeGreaterThanOrEqual(above(seconds * 1.041));
    }
    expect(sketch.countAbove(sketch.quantile(0.95) ?? NaN)).toBeLessThanOrEqual(250);
    expect(new LatencySketch().countAbove(0.1)).toBe(0);
    expect(sketchOf([0, 1e9]).countAbove(0)).toBe(1);
  });

  it('survives durations that no clock should give', () => {
    const sketch = sketchOf([NaN, -1, 0, Infinity, 1e-9, 1e9]);
    expect(sketch.quantile(0)).toBeCloseTo(0, 4);
    expect(sketch.quantile(1)).toBeGreaterThanOrEqual(9_900);
    expect(sketch.quantile(1)).toBeLessThanOrEqual(10_000);
  });

  it('gives percentiles within 5 % of the true ones from the stored totals of 720 hours: a million runs', () => {
    const values = logNormal(1_000_000, 3);
    const hours = Array.from({ length: 720 }, (_, hour) => {
      const first = Math.floor((hour * values.length) / 720);
      return encoded(sketchOf(values.slice(first, Math.floor(((hour + 1) * values.length) / 720))));
    });
    const sorted = Float64Array.from(values).sort();
    const month = decoded(...hours);
    for (const q of [0.5, 0.95, 0.99]) {
      const exact = sorted[Math.ceil(q * sorted.length) - 1] ?? NaN;
      expect(Math.abs((month.quantile(q) ?? NaN) / exact - 1)).toBeLessThan(0.0201);
    }
  });

  it('tells a single run exactly after it was stored, in a few bytes', () => {
    expect(decoded(encoded(sketchOf([0.1234]))).quantile(0.5)).toBe(0.1234);
    expect(encoded(sketchOf([0.1234])).length).toBeLessThanOrEqual(10);
    expect(decoded(encoded(new LatencySketch())).quantile(0.5)).toBeNull();
  });

  it('counts on beyond four billion runs', () => {
    const fast = varints(1, 250, 0, 1_000, 0, 0, 2 ** 33);
    const slow = varints(1, 450, 0, 1e7, 0, 0, 2 ** 31);
    const both = decoded(encoded(decoded(fast, slow)));
    expect(both.quantile(0.79)).toBe(both.quantile(0.01));
    expect(both.quantile(0.81)).toBeGreaterThan(0.5);
  });

  it.each([
    ['ending early', varints(2, 500, 10, 1_000, 5, 0, 3)],
    ['of a bin beyond the last', varints(1, 5_000, 0, 1_000, 0, 0, 1)],
    ['of a span beyond the last bin', varints(1, 5, 2 ** 40, 1_000, 0, 0, 1)],
    ['of more bins than fit', varints(2 ** 50, 5, 5, 1_000, 0, 0, 1)],
    ['of a bin behind the span', varints(2, 5, 5, 1_000, 0, 0, 1, 6, 1)],
    ['of a number without end', new Uint8Array(64).fill(255)],
  ])('says that bytes are damaged: %s', (_case, bytes) => {
    expect(() => decoded(bytes)).toThrow(RangeError);
  });
});
