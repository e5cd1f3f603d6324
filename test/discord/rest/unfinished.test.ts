import { Routes } from 'discord.js';
import { watchRest } from '../../../src/discord/rest/watch-rest';
import { addUnfinished } from '../../../src/telemetry/operations';
import { createHarbour } from '../../simulator/support';
import { keepingLogger } from '../../pipeline/support';
import { settled } from '../../stats/support';
import { waitFor } from '../support';
import { createRest, endOf } from './support';

const harbour = createHarbour();
afterAll(() => harbour.close());

it('a call that Discord has not answered when its command settles is told of, attempts and all, and not twice', async () => {
  const discord = await harbour.start();
  discord.faults.rest({ status: 500, times: 1 });
  discord.faults.rest({ status: 500, times: 1, delayMs: 300 });
  const rest = createRest(discord);
  const invocation = settled({ operations: [] });
  const watch = watchRest(rest, {
    running: () => invocation,
    record: () => undefined,
    now: Date.now,
    monotonic: () => performance.now(),
    logger: keepingLogger().logger,
  });
  const asked = endOf(rest.get(Routes.gateway()));
  const attempts = (): number[] =>
    [...invocation.progress.underway].flatMap((soFar) => {
      const operation = soFar();
      return operation.kind === 'rest' ? [operation.attempts] : [];
    });
  await waitFor(() => attempts()[0] === 2);
  addUnfinished(invocation);
  const told = {
    kind: 'rest',
    method: 'GET',
    route: '/gateway',
    host: new URL(discord.apiUrl).host,
    isUnfinished: true,
    attempts: 2,
    status: 500,
    code: null,
  };
  expect(invocation.operations).toEqual([expect.objectContaining(told)]);
  await asked;
  expect(invocation.operations).toHaveLength(1);
  watch.close();
});
