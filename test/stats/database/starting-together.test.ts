import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { sharedPostgres } from '../../support/postgres';
import { temporaryDirectory } from './support';

const COMPILED = path.resolve(__dirname, '../../../dist/src/stats/database/open.js');
const ROUNDS = 10;
const directory = temporaryDirectory();

let processes: ChildProcess[] = [];
beforeAll(async () => {
  processes = Array.from({ length: 4 }, () => fork(path.join(__dirname, 'starting-process.mjs'), [COMPILED]));
  await Promise.all(processes.map((one) => once(one, 'message')));
});
afterAll(() => {
  for (const one of processes) one.kill();
});

function openEverywhere(url: string): Promise<string[]> {
  return Promise.all(
    processes.map(async (one) => {
      const answer = once(one, 'message');
      one.send(url);
      const [text] = (await answer) as [string];
      return text;
    }),
  );
}

const ALL_WELL = Array.from({ length: 4 }, () => 'opened with 1 series');

test('four processes that start at once on a new file all open it, and its tables are made once', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    expect(await openEverywhere(`file:${directory}/${round}/bot.db`)).toEqual(ALL_WELL);
  }
});

test('four processes that start at once on an empty PostgreSQL all open it, and its tables are made once', async () => {
  const server = await sharedPostgres();
  for (let round = 0; round < 2; round += 1) {
    expect(await openEverywhere(await server.database(`round_${round}`))).toEqual(ALL_WELL);
  }
});
