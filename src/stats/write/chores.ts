import type { Database } from '../database/database';
import { EVERYWHERE } from '../database/schema';
import type { InvocationRow } from '../invocation-row';
import { DAY_MS, HOUR_MS } from '../time-steps';
import { prune } from './retention';
import { pending, rollUpPieces } from './roll-up';
import { rollUpGuild } from './roll-up-guild';
import { sweep } from './sweep';
import { createWaiting } from './waiting';

/** What keeps the totals up to date and the database small, in pieces that are over soon. */
export interface Chores {
  /** These rows were written. */
  wrote(rows: readonly Pick<InvocationRow, 'guildId'>[]): void;
  /** Does one piece of what is due. Gives whether more is due now. */
  doOne(database: Database): Promise<boolean>;
  /** What was done last, for a person. */
  current(): string;
}

/** Rows that may wait to be rolled up: a question reads them one by one. */
const MAXIMUM_PENDING = 5_000;
const LONGEST_PENDING_MS = 60_000;
/** To write the totals costs the same, whatever the number of rows. */
const ROLL_UP_ROWS = 10_000;
/** A server with fewer is never rolled up: to read its rows costs no more than to read their totals. */
const GUILD_PENDING = 500;
/** A batch waits for each of these, for less than 40 ms. */
const GUILD_ROWS = 1_000;
const SWEPT_GUILDS = 100;
const PRUNE_ROWS = 200;

const FIRST_SWEEP_MS = 60_000;
const FIRST_PRUNE_MS = 30_000;

type Chore = (database: Database) => Promise<boolean>;

export function createChores(options: {
  readonly retentionDays: number;
  readonly now: () => number;
}): Chores {
  const { retentionDays, now } = options;
  const everywhere = createEverywhere(now);
  const waiting = createWaiting(GUILD_PENDING);
  let current = 'opening';

  async function rollUpOneGuild(database: Database): Promise<boolean> {
    const guildId = waiting.next();
    if (guildId === undefined) return false;
    if ((await rollUpGuild(database, guildId, GUILD_ROWS)) < GUILD_ROWS) waiting.done(guildId);
    return true;
  }

  let after = EVERYWHERE;
  async function sweepSome(database: Database): Promise<boolean> {
    const { due, next } = await sweep(database, { after, limit: SWEPT_GUILDS, enough: GUILD_PENDING });
    for (const guildId of due) waiting.found(guildId);
    after = next ?? EVERYWHERE;
    return next !== null;
  }

  const pruneSome: Chore = (database) =>
    prune(database, { before: now() - retentionDays * DAY_MS, limit: PRUNE_ROWS });

  const chores: readonly (readonly [name: string, chore: Chore])[] = [
    ['roll-up everywhere', everywhere.doOne],
    ['roll-up of a server', rollUpOneGuild],
    ['sweep', hourly(now, FIRST_SWEEP_MS, sweepSome)],
    ['retention', hourly(now, FIRST_PRUNE_MS, pruneSome)],
  ];

  return {
    wrote(rows) {
      everywhere.wrote(rows.length);
      for (const { guildId } of rows) if (guildId !== null) waiting.add(guildId);
    },
    async doOne(database) {
      for (const [name, chore] of chores) {
        current = name;
        if (await chore(database)) return true;
      }
      return false;
    },
    current: () => current,
  };
}

/** Rolls up everywhere when enough has been written, or long enough ago. */
function createEverywhere(now: () => number): { wrote(this: void, rows: number): void; doOne: Chore } {
  let written = 0;
  let doneAt = now();
  let begun: { readonly database: Database; readonly pieces: ReturnType<typeof rollUpPieces> } | null = null;
  const isDue = (): boolean => written >= MAXIMUM_PENDING || now() - doneAt >= LONGEST_PENDING_MS;

  return {
    wrote(rows) {
      written += rows;
    },
    async doOne(database) {
      const isNew = begun?.database !== database;
      if (isNew && !isDue()) return false;
      const run =
        begun === null || isNew ? { database, pieces: rollUpPieces(database, ROLL_UP_ROWS) } : begun;
      // What fails is begun anew.
      begun = null;
      const { done } = await run.pieces.next();
      if (done) {
        written = await pending(database);
        doneAt = now();
      } else begun = run;
      return true;
    },
  };
}

/** Does a chore once an hour, one piece after the other until nothing is left. */
function hourly(now: () => number, firstAfterMs: number, chore: Chore): Chore {
  let dueAt = now() + firstAfterMs;
  return async (database) => {
    if (now() < dueAt) return false;
    if (!(await chore(database))) dueAt = now() + HOUR_MS;
    return true;
  };
}
