import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'libsql';
import type { FromWriter } from '../../../src/stats/threads/protocol';
import { createWriter } from '../../../src/stats/write/writer';
import { NO_GATE } from '../../../src/thread-gate';
import { rowWith } from './support';

/** What the writing thread says of itself. */

const directory = mkdtempSync(path.join(tmpdir(), 'telltale-writer-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('a lock in a quiet hour is said, and that it is over too, although no command comes by', async () => {
  const file = path.join(directory, 'telltale.db');
  const clock = { now: Date.now() };
  const told = messages();
  const writer = createWriter({
    data: {
      url: `file:${file}`,
      hashKey: new Uint8Array(32),
      writerId: 'test',
      release: { version: '1', commit: 'abc', startedAt: clock.now },
      retentionDays: 90,
    },
    gate: NO_GATE,
    post: told.post,
    now: () => clock.now,
  });
  await writer.handle({ type: 'write', seq: 1, rows: [rowWith({ at: clock.now })] });
  const other = new Database(file);
  other.exec('begin immediate');
  clock.now += 61_000; // The roll-up is due.
  expect(await told.next('chore_failed')).toMatchObject({ detail: expect.stringMatching(/locked/) });
  other.exec('rollback');
  other.close();
  await told.next('recovered');
  expect(await writer.handle({ type: 'close' })).toBe(true);
});

function messages() {
  const waiting = new Map<FromWriter['type'], (message: FromWriter) => void>();
  return {
    post: (message: FromWriter): void => waiting.get(message.type)?.(message),
    next: (type: FromWriter['type']): Promise<FromWriter> =>
      new Promise((resolve) => waiting.set(type, resolve)),
  };
}
