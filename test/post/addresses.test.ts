import type { LookupAddress, LookupOptions } from 'node:dns';
import { createAddresses, lookupOf, type Addresses } from '../../src/post/addresses';

/** What is asked of a resolver that answers, refuses and hangs: a lookup that hangs takes a thread, and holds the end. */

const HERE: LookupAddress[] = [{ address: '127.0.0.1', family: 4 }];
const THERE: LookupAddress[] = [{ address: '127.0.0.2', family: 4 }];
const gone = (): Error => Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });

interface Asked {
  readonly host: string;
  found(this: void, addresses: LookupAddress[]): void;
  failed(this: void, error: Error): void;
}

function stage() {
  let at = 0;
  const asked: Asked[] = [];
  const addresses = createAddresses({
    monotonic: () => at,
    ask: (host) => new Promise((found, failed) => void asked.push({ host, found, failed })),
  });
  return { addresses, asked, pass: (ms: number) => void (at += ms) };
}

type Lookup = Addresses['lookup'];

/** What `node:net` is given: addresses, or the code of an error. */
function find(lookup: Lookup, host = 'collector', options: LookupOptions = { all: true }): Promise<unknown> {
  return new Promise((resolve) => {
    lookup(host, options, (error, address) => resolve(error === null ? address : error.code));
  });
}

/** Settles the lookup that began last, in that many milliseconds. */
async function settle({ asked, pass }: ReturnType<typeof stage>, how: LookupAddress[] | Error, ms = 1) {
  pass(ms);
  const last = asked.at(-1);
  if (how instanceof Error) last?.failed(how);
  else last?.found(how);
  await new Promise(setImmediate);
}

it('a storm of posts to a host that hangs takes one thread, and leaves the other to everybody else', async () => {
  const setting = stage();
  const all = Array.from({ length: 64 }, () => find(setting.addresses.lookup));
  void find(setting.addresses.lookup, 'sentry');
  expect(setting.asked.map(({ host }) => host)).toEqual(['collector', 'sentry']);
  setting.asked[0]?.found(HERE);
  expect(await Promise.all(all)).toEqual(all.map(() => HERE));
});

it('what was found is good for half a minute, and a host that moved is found after it', async () => {
  const setting = stage();
  const first = find(setting.addresses.lookup);
  await settle(setting, HERE);
  expect(await first).toEqual(HERE);
  setting.pass(29_000);
  expect(await find(setting.addresses.lookup)).toEqual(HERE);
  expect(setting.asked).toHaveLength(1);
  setting.pass(1000);
  const later = find(setting.addresses.lookup);
  await settle(setting, THERE);
  expect(await later).toEqual(THERE);
});

it.each([
  ['that says no is asked again after 5 s', 1, 5000],
  ['that hung is left alone for half a minute, in which the process can end', 10_000, 30_000],
])('a resolver %s', async (_, tookMs, quietMs) => {
  const setting = stage();
  const first = find(setting.addresses.lookup);
  await settle(setting, gone(), tookMs);
  expect(await first).toBe('ENOTFOUND');
  setting.pass(quietMs - 1);
  expect(await find(setting.addresses.lookup)).toBe('ENOTFOUND');
  expect(setting.asked).toHaveLength(1);
  setting.pass(1);
  void find(setting.addresses.lookup);
  expect(setting.asked).toHaveLength(2);
});

it('a host that was found once is still posted to when the resolver fails or hangs', async () => {
  const setting = stage();
  void find(setting.addresses.lookup);
  await settle(setting, HERE);
  setting.pass(30_000);
  const failing = find(setting.addresses.lookup);
  await settle(setting, gone());
  expect(await failing).toEqual(HERE);
  setting.pass(5000);
  expect(await find(setting.addresses.lookup)).toEqual(HERE); // After a second, in which nothing is answered.
  expect(setting.asked).toHaveLength(3);
});

it('without the choice of several addresses, the first is used', async () => {
  const setting = stage();
  const one = find(setting.addresses.lookup, 'collector', {});
  await settle(setting, [...HERE, ...THERE]);
  expect(await one).toBe('127.0.0.1');
});

describe('when the process ends', () => {
  it('a host that was found, however long ago, or whose resolver hung is not looked up, which would hold it', async () => {
    const setting = stage();
    void find(setting.addresses.lookup);
    await settle(setting, HERE);
    void find(setting.addresses.lookup, 'sentry');
    await settle(setting, gone(), 10_000);
    setting.pass(60_000);
    const ended = setting.addresses.ending();
    expect(await find(setting.addresses.lookup)).toEqual(HERE);
    expect(await find(setting.addresses.lookup, 'sentry')).toBe('ENOTFOUND');
    expect(setting.asked).toHaveLength(2);
    ended();
    void find(setting.addresses.lookup, 'sentry');
    expect(setting.asked).toHaveLength(3);
  });

  it('a host that nobody has asked for is looked up, or a bot that ran for a second would tell nothing', () => {
    const setting = stage();
    setting.addresses.ending();
    void find(setting.addresses.lookup);
    expect(setting.asked).toHaveLength(1);
  });

  it('its last thread looks up what it may, and gives up what hangs', async () => {
    const setting = stage();
    const known = () => setting.addresses.known('collector');
    expect(known()).toBeNull();
    void find(setting.addresses.lookup);
    expect(known()).toBeNull(); // The error that ends a bot may be its first: this one began just now.
    setting.pass(1001);
    expect(known()).toEqual([]);
    await settle(setting, gone());
    setting.pass(60_000);
    expect(known()).toEqual([]);
    void find(setting.addresses.lookup);
    await settle(setting, HERE);
    setting.pass(60_000);
    expect(known()).toEqual(HERE);
  });
});

it('where nothing is known, nothing is connected to', async () => {
  expect(await find(lookupOf([]))).toBe('ENOTFOUND');
  expect(await find(lookupOf(HERE))).toEqual(HERE);
});
