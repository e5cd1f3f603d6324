import type { Kind, OutcomeKind } from '../telemetry/event';
import { LatencySketch } from './sketch';

/** What is counted apart: one object for each command and kind, compared by identity. */
export interface Series {
  readonly command: string;
  readonly kind: Kind;
}

/** Invocations of one series over some time. */
export interface Tally {
  ok: number;
  refused: number;
  failed: number;
  /** Milliseconds since the epoch. */
  lastUsed: number;
  /** Of all outcomes. */
  readonly latency: LatencySketch;
}

export function createTally(): Tally {
  return { ok: 0, refused: 0, failed: 0, lastUsed: -Infinity, latency: new LatencySketch() };
}

/** Counts one invocation. */
export function addToTally(tally: Tally, outcome: OutcomeKind, durationSeconds: number, at: number): void {
  tally[outcome] += 1;
  tally.lastUsed = Math.max(tally.lastUsed, at);
  tally.latency.add(durationSeconds);
}

/** Adds everything that another tally has counted. */
export function mergeTally(into: Tally, from: Tally): void {
  into.ok += from.ok;
  into.refused += from.refused;
  into.failed += from.failed;
  into.lastUsed = Math.max(into.lastUsed, from.lastUsed);
  into.latency.merge(from.latency);
}
