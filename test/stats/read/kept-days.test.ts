import { createKeptDays } from '../../../src/stats/read/kept-days';
import { createTally, type Tally } from '../../../src/stats/tally';

describe('days that are kept', () => {
  it('are added up once while their counts stay, and anew when a late row changed them', async () => {
    const kept = createKeptDays<ReadonlyMap<number, Tally>>();
    let made = 0;
    const make = () => Promise.resolve(new Map([[++made, createTally()]]));
    const first = await kept.get('30d', '10 calls', make);
    expect(await kept.get('30d', '10 calls', make)).toBe(first);
    expect([...(await kept.get('30d', '11 calls', make)).keys()]).toEqual([2]);
    expect([...(await kept.get('30d', '10 calls', make)).keys()]).toEqual([3]);
  });

  it('do not fill the memory, however many servers ask', async () => {
    const kept = createKeptDays<ReadonlyMap<number, Tally>>();
    let made = 0;
    const ask = (server: number) =>
      kept.get(String(server), '', () => {
        made += 1;
        return Promise.resolve(new Map());
      });
    for (let server = 0; server < 9; server += 1) await ask(server);
    await ask(8);
    await ask(1);
    expect(made).toBe(9);
    await ask(0);
    expect(made).toBe(10);
  });

  it('are tried again after the database failed', async () => {
    const kept = createKeptDays<ReadonlyMap<number, Tally>>();
    await expect(kept.get('7d', '', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await kept.get('7d', '', () => Promise.resolve(new Map()))).toEqual(new Map());
  });
});
