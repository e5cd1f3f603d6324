import { existsSync, renameSync } from 'node:fs';

/** What SQLite keeps beside the file. */
const COMPANIONS = ['', '-wal', '-shm'];

/**
 * Renames an SQLite file, and what SQLite keeps beside it, to `<path>.corrupt-2026-11-21T13-40-00Z`, and a number if
 * that is taken: nothing is ever overwritten. Gives the new path. Throws the system's error if it cannot be renamed.
 */
export function setAside(path: string, now: number): string {
  const time = `${new Date(now).toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
  const to = freeName(`${path}.corrupt-${time}`);
  for (const companion of COMPANIONS) {
    if (existsSync(path + companion)) renameSync(path + companion, to + companion);
  }
  return to;
}

function freeName(name: string): string {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}-${number}`;
    if (!COMPANIONS.some((companion) => existsSync(candidate + companion))) return candidate;
  }
}
