import type { OutcomeKind } from '../telemetry/event';
import { ByteReader, ByteWriter } from './bytes';
import { LatencySketch } from './sketch';
import { UserSketch } from './user-sketch';

/** What is counted of an invocation, as the database has it. */
export interface CountedRow {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly outcome: OutcomeKind;
  readonly reason: string | null;
  readonly duration_seconds: number;
  readonly ack_seconds: number | null;
  readonly user_hash: string | null;
}

/** Counts by reason. Reasons are any texts: those of a newer version are kept as they are. */
export type ReasonCounts = Map<string, number>;

/** Invocations of one series, or of all, over some time. */
export interface Tally {
  ok: number;
  refused: number;
  failed: number;
  /** Milliseconds since the epoch; -Infinity if there was none. */
  lastUsedAt: number;
  readonly refusals: ReasonCounts;
  readonly failures: ReasonCounts;
  /** Durations of all outcomes, in seconds. */
  readonly latency: LatencySketch;
  /** From creation to the first answer, in seconds, where there was one. */
  readonly ack: LatencySketch;
  readonly users: UserSketch;
}

/** Stands in front of encoded details, so that what was written by another version is not misread. */
const VERSION = 2;

export function createTally(): Tally {
  return {
    ok: 0,
    refused: 0,
    failed: 0,
    lastUsedAt: -Infinity,
    refusals: new Map(),
    failures: new Map(),
    latency: new LatencySketch(),
    ack: new LatencySketch(),
    users: new UserSketch(),
  };
}

/** Counts one invocation. */
export function addToTally(tally: Tally, row: CountedRow): void {
  tally[row.outcome] += 1;
  tally.lastUsedAt = Math.max(tally.lastUsedAt, row.at);
  tally.latency.add(row.duration_seconds);
  if (row.ack_seconds !== null) tally.ack.add(row.ack_seconds);
  if (row.user_hash !== null) tally.users.add(row.user_hash);
  if (row.reason === null || row.outcome === 'ok') return;
  increase(row.outcome === 'failed' ? tally.failures : tally.refusals, row.reason, 1);
}

/** Adds everything that another tally has counted. */
export function mergeTally(into: Tally, from: Tally): void {
  into.ok += from.ok;
  into.refused += from.refused;
  into.failed += from.failed;
  into.lastUsedAt = Math.max(into.lastUsedAt, from.lastUsedAt);
  for (const [reason, count] of from.refusals) increase(into.refusals, reason, count);
  for (const [reason, count] of from.failures) increase(into.failures, reason, count);
  into.latency.merge(from.latency);
  into.ack.merge(from.ack);
  into.users.merge(from.users);
}

/** Everything but the plain counts and the time of the last use, which have columns of their own. */
export function encodeDetails(tally: Tally): Uint8Array {
  const writer = new ByteWriter();
  writer.varint(VERSION);
  tally.latency.encode(writer);
  tally.ack.encode(writer);
  encodeReasons(writer, tally.refusals);
  encodeReasons(writer, tally.failures);
  tally.users.encode(writer);
  return writer.finish();
}

/** Adds encoded details. Throws a RangeError if the bytes hold none. */
export function mergeDetails(tally: Tally, details: Uint8Array): void {
  mergeNext(tally, readerOf(details));
}

function mergeNext(tally: Tally, reader: ByteReader): void {
  tally.latency.mergeEncoded(reader);
  tally.ack.mergeEncoded(reader);
  mergeReasons(reader, tally.refusals);
  mergeReasons(reader, tally.failures);
  tally.users.mergeEncoded(reader);
}

/** Adds any number of encoded details, one right after the other. Throws a RangeError if the bytes hold something else. */
export function mergeAllDetails(tally: Tally, details: Uint8Array): void {
  const reader = new ByteReader(details);
  while (!reader.isAtEnd) {
    readVersion(reader);
    mergeNext(tally, reader);
  }
}

/** Adds the durations of encoded details alone, which costs least. Throws a RangeError if the bytes hold none. */
export function mergeLatency(latency: LatencySketch, details: Uint8Array): void {
  latency.mergeEncoded(readerOf(details));
}

function readerOf(details: Uint8Array): ByteReader {
  const reader = new ByteReader(details);
  readVersion(reader);
  return reader;
}

function readVersion(reader: ByteReader): void {
  const version = reader.varint();
  if (version === VERSION) return;
  throw new RangeError(`Totals of version ${version} cannot be read by this Telltale: run the newer one.`);
}

function encodeReasons(writer: ByteWriter, counts: ReasonCounts): void {
  writer.varint(counts.size);
  for (const [reason, count] of counts) {
    writer.text(reason);
    writer.varint(count);
  }
}

function mergeReasons(reader: ByteReader, into: ReasonCounts): void {
  for (let left = reader.varint(); left > 0; left -= 1) increase(into, reader.text(), reader.varint());
}

function increase(counts: ReasonCounts, reason: string, by: number): void {
  counts.set(reason, (counts.get(reason) ?? 0) + by);
}
