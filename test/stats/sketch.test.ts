import { LatencySketch } from '../../src/stats/sketch';
import { exactQuantile, logNormal } from './support';

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

describe('the latency sketch', () => {
  it('gives every percentile within 1 % of the true one', () => {
    const values = logNormal(20_000, 7);
    expect(Math.max(...relativeErrors(sketchOf(values), values))).toBeLessThanOrEqual(0.01 + 1e-9);
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

  it('survives durations that no clock should give', () => {
    const sketch = sketchOf([NaN, -1, 0, Infinity, 1e-9, 1e9]);
    expect(sketch.quantile(0)).toBeCloseTo(0, 4);
    expect(sketch.quantile(1)).toBeGreaterThanOrEqual(9_900);
    expect(sketch.quantile(1)).toBeLessThanOrEqual(10_000);
  });
});
