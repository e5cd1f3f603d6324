import type { Database } from '../database/database';
import { OTHER } from '../../telemetry/event';

/** A command and a kind, as they are counted apart. */
export interface SeriesName {
  readonly command: string;
  readonly kind: string;
}

/** Gives their ids, in the same order. Rejects, and knows no more than before, if the database does. */
export type SeriesIds = (names: readonly SeriesName[]) => Promise<readonly number[]>;

/** Each costs room in every total: a bot has fewer, and what comes later is counted as `_other`. */
const MAXIMUM_SERIES = 2000;
/** Names that are remembered, with those that are counted as `_other`. */
const MAXIMUM_REMEMBERED = 4000;

const keyOf = ({ command, kind }: SeriesName): string => `${kind} ${command}`;

/** Ids of series, made where they are missing, in a transaction of their own: so they are there whatever comes after. */
export function createSeriesIds(database: Database): SeriesIds {
  const ids = new Map<string, number>();

  async function load(): Promise<number> {
    const rows = await database.read((queries) => queries.selectFrom('series').selectAll().execute());
    if (ids.size >= MAXIMUM_REMEMBERED) ids.clear();
    for (const { id, ...name } of rows) ids.set(keyOf(name), id);
    return rows.length;
  }

  async function make(names: readonly SeriesName[]): Promise<void> {
    // In one order, so that two processes that make the same ones do not wait for each other.
    const sorted = names.map(({ command, kind }) => ({ command, kind }));
    sorted.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    await database.write((queries) =>
      queries
        .insertInto('series')
        .values(sorted)
        .onConflict((conflict) => conflict.doNothing())
        .execute(),
    );
    await load();
  }

  async function learn(names: readonly SeriesName[]): Promise<void> {
    const stored = await load();
    const missing = new Map(names.filter((name) => !ids.has(keyOf(name))).map((name) => [keyOf(name), name]));
    if (missing.size === 0) return;
    const fitting = [...missing.values()].slice(0, Math.max(0, MAXIMUM_SERIES - stored));
    const others = [...missing.values()].slice(fitting.length);
    const otherKinds = new Set(others.map(({ kind }) => kind));
    await make([...fitting, ...[...otherKinds].map((kind) => ({ command: OTHER, kind }))]);
    for (const name of others) ids.set(keyOf(name), idOf({ command: OTHER, kind: name.kind }));
  }

  function idOf(name: SeriesName): number {
    const id = ids.get(keyOf(name));
    if (id === undefined) throw new Error(`The database has no series ${keyOf(name)}, though it was made.`);
    return id;
  }

  return async (names) => {
    const known = names.map((name) => ids.get(keyOf(name)));
    if (known.every((id) => id !== undefined)) return known;
    await learn(names);
    return names.map(idOf);
  };
}
