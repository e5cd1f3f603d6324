import { parentPort, workerData } from 'node:worker_threads';
import type { Database } from '../database/database';
import { describeDatabaseError } from '../database/errors';
import { openDatabase } from '../database/open';
import { readChanges } from '../read/changes';
import { readErrors } from '../read/period-errors';
import { readInvocations } from '../read/invocations';
import { createKeptDays } from '../read/kept-days';
import { readSummary } from '../read/summary';
import type { Tallies } from '../read/tallies';
import { readTimeline } from '../read/timeline';
import type { ThreadStart } from '../../supervise-thread';
import { gateOf } from '../../thread-gate';
import type { FromReader, Question, ThreadData, ToReader } from './protocol';

/** The thread that reads: it answers the questions, one state of the data for each. */

const { data, gate } = workerData as ThreadStart<ThreadData>;
let database: Promise<Database> | null = null;
let kept = createKeptDays<Tallies>();

function answer(
  open: Database,
  question: Question,
): Promise<Extract<FromReader, { type: 'answered' }>['result']> {
  switch (question.type) {
    case 'summary':
      return readSummary(open, question.query, { ...question, kept });
    case 'timeline':
      return readTimeline(open, question.query, question);
    case 'invocations':
      return readInvocations(open, question.query, { monotonic: () => performance.now() });
    case 'errors':
      return readErrors(open, question.query, question);
    case 'changes':
      return readChanges(open, question.query, { now: question.now, release: data.release, kept });
  }
}

/** Lets go of a database that did not answer: the next question opens it anew. */
async function letGo(of: Promise<Database>): Promise<void> {
  if (database === of) {
    database = null;
    kept = createKeptDays(); // Another database may come.
  }
  await of.then((open) => open.close()).catch(() => undefined);
}

async function settle({ id, question }: ToReader): Promise<FromReader> {
  const opened = (database ??= openDatabase({
    url: data.url,
    role: 'read',
    now: Date.now,
    gate: gateOf(gate),
  }));
  try {
    return { type: 'answered', id, result: await answer(await opened, question) };
  } catch (error) {
    await letGo(opened);
    return { type: 'failed', id, detail: describeDatabaseError(error).detail };
  }
}

parentPort?.on('message', (asked: ToReader) => {
  void settle(asked).then((answered) => parentPort?.postMessage(answered));
});
