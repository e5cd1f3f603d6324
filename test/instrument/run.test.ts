import { Run } from '../../src/discord/instrument/run';

const newRun = (): Run => new Run((error) => error);

it('a run is over when what its handler gave has ended, and has failed if that has', async () => {
  const run = newRun();
  const fault = new Error('no database');
  let reject: (error: unknown) => void = () => undefined;
  const relayed = run.relay(new Promise((_resolve, refuse) => (reject = refuse)));
  run.release();
  expect(run.hasFailed).toBe(false);
  reject(fault);
  await expect(relayed).rejects.toBe(fault);
  await expect(run.ended).rejects.toBe(fault);
});

it('whoever calls a handler gets what it gave', async () => {
  const run = newRun();
  await expect(run.relay(Promise.resolve(42))).resolves.toBe(42);
  class Cancellable extends Promise<void> {}
  const process = Object.assign(Promise.resolve(), { pid: 42 });
  for (const given of [42, undefined, Cancellable.resolve(), process, { then: () => undefined }]) {
    expect(run.relay(given)).toBe(given);
  }
});

it('the stack of an error says who called the command', async () => {
  const run = newRun();
  const execute = async (): Promise<void> => {
    await Promise.resolve();
    throw new Error('no database');
  };
  const listenerOfTheBot = async (): Promise<string> => {
    try {
      await run.relay(execute());
      return '';
    } catch (error) {
      return error instanceof Error ? (error.stack ?? '') : '';
    }
  };
  expect(await listenerOfTheBot()).toMatch(/at (async )?listenerOfTheBot/);
});
