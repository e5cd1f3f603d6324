import { setTimeout as sleep } from 'node:timers/promises';
import type { Backstage } from './backstage';
import { readFailedModules, readStats, type OutcomeCounts } from './bot/numbers';

/** How things stand before anybody types. */
export interface Opening {
  /** Which command modules could not be loaded, and why; null: none. */
  readonly missing: string | null;
  /** What `/api/stats` counts already; null: it could not be asked. */
  readonly stored: OutcomeCounts | null;
}

const NOTHING: OutcomeCounts = { ok: 0, refused: 0, failed: 0 };
/** A database may take a moment to be there. */
const ATTEMPTS = 5;
const PAUSE_MS = 500;

/** Asks the bot. Never rejects. */
export async function readOpening({ url, database }: Pick<Backstage, 'url' | 'database'>): Promise<Opening> {
  const [missing, stored] = await Promise.all([
    readFailedModules(url).catch(() => null),
    database === null ? NOTHING : readStored(url),
  ]);
  return { missing, stored };
}

async function readStored(url: string, attempts = ATTEMPTS): Promise<OutcomeCounts | null> {
  try {
    return await readStats(url);
  } catch {
    if (attempts <= 1) return null;
    await sleep(PAUSE_MS);
    return readStored(url, attempts - 1);
  }
}
