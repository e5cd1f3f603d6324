import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { OutcomeKind } from '../../telemetry/event';
import { ALL_RUNS, type Step } from '../database/schema';
import { ofGuild } from '../mark';
import { addToTally, createTally, mergeAllDetails, mergeTally, type Tally } from '../tally';
import type { KeptDays } from './kept-days';
import type { Piece, Span } from './range';
import { notRolledUp, rolledUp, seriesIdsOf, within, type Scope } from './scope';

/** Totals that are added up in a few milliseconds: to keep them would only put others out. */
const FEW_ROWS = 2000;

/** Tallies by the id of their series; ALL_RUNS among them. */
export type Tallies = ReadonlyMap<number, Tally>;

/** A single invocation, with what is counted of it. */
export interface SingleRow {
  readonly at: number;
  readonly series_id: number;
  readonly outcome: OutcomeKind;
  readonly reason: string | null;
  readonly fingerprint: string | null;
  readonly message: string | null;
  readonly user_hash: string | null;
  readonly duration_seconds: number;
  readonly ack_seconds: number | null;
  /** Of failures alone, like the message. */
  readonly trace_id: string | null;
}

/**
 * Adds up totals and single rows, for each series and for all that people ran.
 *
 * @param today where the day that is not over begins; milliseconds since the epoch.
 */
export async function readTallies(
  scope: Scope,
  pieces: readonly Piece[],
  singles: readonly SingleRow[],
  { kept, today }: { readonly kept: KeptDays<Tallies>; readonly today: number },
): Promise<Tallies> {
  const tallies = new Map<number, Tally>();
  for (const { source, ...span } of pieces) {
    if (source === 'singles') continue;
    const over = source === 'day' ? { from: span.from, to: Math.min(span.to, today) } : null;
    if (over === null || over.from >= over.to) {
      await addTotals(scope, source, span, tallies);
      continue;
    }
    for (const [id, tally] of await readDaysOver(scope, over, kept)) mergeTally(tallyOf(tallies, id), tally);
    await addTotals(scope, source, { from: over.to, to: span.to }, tallies);
  }
  for (const row of singles) {
    addToTally(tallyOf(tallies, row.series_id), row);
    const isRun = scope.series.get(row.series_id)?.kind !== 'autocomplete';
    if (isRun) addToTally(tallyOf(tallies, ALL_RUNS), row);
  }
  return tallies;
}

/**
 * The rows that stand for themselves in some pieces, and in the tail: what no roll-up has seen yet; those alone for
 * which a condition holds.
 */
export async function readSingles(
  scope: Scope,
  span: Span,
  pieces: readonly Piece[],
  where: RawBuilder<SqlBool> = sql`1 = 1`,
): Promise<SingleRow[]> {
  let rows: SingleRow[] = await singlesOf(scope, notRolledUp(scope, span)).where(where).execute();
  for (const piece of pieces) {
    if (piece.source !== 'singles') continue;
    rows = rows.concat(await singlesOf(scope, rolledUp(scope, piece)).where(where).execute());
  }
  return rows;
}

function singlesOf(scope: Scope, condition: RawBuilder<SqlBool>) {
  const rows = scope.queries
    .selectFrom('invocations')
    .select(['at', 'series_id', 'outcome', 'reason', 'fingerprint', 'message', 'user_hash'])
    .select(['duration_seconds', 'ack_seconds'])
    // Of failures alone: handing over a text costs more than counting the row.
    .select((eb) => eb.case().when('outcome', '=', 'failed').then(eb.ref('trace_id')).end().as('trace_id'))
    .where(condition)
    .$castTo<SingleRow>();
  // Not by the index of a command's failures, which holds all that are kept.
  return scope.narrowed ? rows.where(sql<SqlBool>`series_id + 0 in (${sql.join(seriesIdsOf(scope))})`) : rows;
}

async function readDaysOver(scope: Scope, span: Span, kept: KeptDays<Tallies>): Promise<Tallies> {
  const add = async (): Promise<Tallies> => {
    const tallies = new Map<number, Tally>();
    await addTotals(scope, 'day', span, tallies);
    return tallies;
  };
  const counts = await sumsOf(scope, 'day', span)
    .select(({ fn }) => fn.countAll<number>().as('rows'))
    .execute();
  const rows = counts.reduce((sum, row) => sum + row.rows, 0);
  if (rows < FEW_ROWS) return add();
  const series = scope.narrowed ? seriesIdsOf(scope) : [];
  return kept.get(JSON.stringify([scope.guildId, span, series]), JSON.stringify(counts), add);
}

async function addTotals(scope: Scope, step: Step, span: Span, tallies: Map<number, Tally>): Promise<void> {
  const sums = sumsOf(scope, step, span).select(allDetails(scope).as('details'));
  for (const row of await sums.execute()) {
    const tally = tallyOf(tallies, row.series_id);
    tally.ok += row.ok;
    tally.refused += row.refused;
    tally.failed += row.failed;
    tally.lastUsedAt = Math.max(tally.lastUsedAt, row.last_used_at);
    mergeAllDetails(tally, bytesOf(row.details));
  }
}

/**
 * Totals by series. Series come first, so that an index gives the rows in their order: SQLite joins as it is written.
 */
function sumsOf(scope: Scope, step: Step, span: Span) {
  const { queries, guildId, narrowed } = scope;
  const sums = queries
    .selectFrom('series')
    .crossJoin('totals')
    .select(({ fn }) => [
      'series.id as series_id',
      fn.sum<number>('ok').as('ok'),
      fn.sum<number>('refused').as('refused'),
      fn.sum<number>('failed').as('failed'),
      fn.max<number>('last_used_at').as('last_used_at'),
    ])
    .whereRef('totals.series_id', '=', 'series.id')
    .where(ofGuild(guildId))
    .where('step', '=', step)
    .where(within('start_at', span))
    .groupBy('series.id');
  return narrowed ? sums.where('series.id', 'in', seriesIdsOf(scope)) : sums;
}

/**
 * Details one after the other: handing over thousands of rows would take longer than all the rest. PostgreSQL hands bytes over as
 * text, in hexadecimal unless it is told otherwise.
 */
function allDetails({ kind }: Scope): RawBuilder<Uint8Array | string> {
  return kind === 'postgres'
    ? sql`encode(string_agg(details, ''::bytea), 'base64')`
    : sql`cast(group_concat(details, '') as blob)`;
}

function bytesOf(details: Uint8Array | string): Uint8Array {
  return typeof details === 'string' ? Buffer.from(details, 'base64') : details;
}

function tallyOf(tallies: Map<number, Tally>, id: number): Tally {
  const known = tallies.get(id);
  if (known) return known;
  const tally = createTally();
  tallies.set(id, tally);
  return tally;
}
