import { createHealth, type HealthSources } from '../../src/telemetry/health-report';
import type { SystemReadings } from '../../src/telemetry/system';

const GIB = 2 ** 30;
const SHARD = { shard: 0, up: true, latencySeconds: 0.04, lastHeartbeatAckAt: 1, lastDispatchAt: 1 };
const STORE_OK = { status: 'ok', detail: 'The store takes writes.', values: {} } as const;

const SYSTEM: SystemReadings = {
  cpu: () => ({ machineRatio: 0.2, processRatio: 0.1 }),
  heap: () => ({ usedBytes: 0.5 * GIB, limitBytes: 2 * GIB }),
  memory: () => Promise.resolve({ totalBytes: 4 * GIB, availableBytes: GIB }),
  disk: () => Promise.resolve({ totalBytes: 100 * GIB, freeBytes: 50 * GIB }),
};

function health(overrides: Partial<HealthSources> = {}, system: Partial<SystemReadings> = {}) {
  return createHealth({
    now: () => 61_500,
    startedAt: 60_000,
    version: '1.2.3',
    commit: 'abc1234',
    diskDirectory: '/data',
    system: { ...SYSTEM, ...system },
    shards: () => [SHARD],
    readiness: () => ({ ready: true, reasons: [] }),
    errorRatio: () => Promise.resolve({ failed: 1, invocations: 100 }),
    sinks: () => [{ name: 'metrics', errors: 0, dropped: 0 }],
    store: () => STORE_OK,
    modules: () => ({ loaded: 3, failed: [] }),
    ...overrides,
  });
}

afterEach(() => jest.useRealTimers());

it('answers for every part of a healthy bot', async () => {
  expect(await health().report()).toEqual({
    status: 'ok',
    version: '1.2.3',
    commit: 'abc1234',
    uptime: 1.5,
    checks: {
      cpu: {
        status: 'ok',
        detail: "This process takes 10.0 % of one core. The machine's CPU is 20.0 % busy.",
        values: { machineRatio: 0.2, processRatio: 0.1 },
      },
      memory: {
        status: 'ok',
        detail:
          'The heap takes 25.0 % of its limit of 2048 MiB; 1024 MiB of 4096 MiB of memory are available.',
        values: {
          heapUsedRatio: 0.25,
          heapUsedBytes: 0.5 * GIB,
          heapLimitBytes: 2 * GIB,
          totalBytes: 4 * GIB,
          availableBytes: GIB,
        },
      },
      disk: {
        status: 'ok',
        detail: '50.0 % of the disk is free (51200 MiB of 102400 MiB).',
        values: { freeRatio: 0.5, freeBytes: 50 * GIB, totalBytes: 100 * GIB },
      },
      errorRatio: {
        status: 'ok',
        detail: '1 of 100 invocations failed in the last hour (1.0 %).',
        values: { ratio: 0.01, failed: 1, invocations: 100 },
      },
      shards: { status: 'ok', detail: '1 of 1 shards are up.', values: { up: 1, total: 1 } },
      store: STORE_OK,
      sinks: {
        status: 'ok',
        detail: 'No sink lost anything in the last hour. Since the start: errors 0, dropped events 0.',
        values: { errors: 0, dropped: 0, losing: 0 },
      },
      commandModules: {
        status: 'ok',
        detail: 'All 3 command modules are loaded.',
        values: { loaded: 3, failed: 0 },
      },
    },
  });
});

const memoryOf = (usedBytes: number) => ({ heap: () => ({ usedBytes, limitBytes: 1000 }) });
const diskOf = (freeBytes: number) => ({ disk: () => Promise.resolve({ totalBytes: 1000, freeBytes }) });
const cpuOf = (machineRatio: number | null, processRatio: number | null) => ({
  cpu: () => ({ machineRatio, processRatio }),
});
const errorsOf = (failed: number, invocations: number) => ({
  errorRatio: () => Promise.resolve({ failed, invocations }),
});

it.each([
  ['a busy machine', 'cpu', health({}, cpuOf(0.91, 0.1))],
  ['a process that takes a whole core', 'cpu', health({}, cpuOf(0.1, 0.95))],
  ['a heap near its limit', 'memory', health({}, memoryOf(901))],
  ['a disk that is nearly full', 'disk', health({}, diskOf(49))],
  ['too many failures', 'errorRatio', health(errorsOf(2, 20))],
  ['an event that was lost', 'sinks', health({ sinks: () => [{ name: 'log', errors: 0, dropped: 1 }] })],
  [
    'a command that did not load',
    'commandModules',
    health({ modules: () => ({ loaded: 1, failed: [{ file: 'a.js', reason: 'no execute' }] }) }),
  ],
])('warns of %s, and restarts nothing for it', async (_what, name, subject) => {
  const report = await subject.report();
  expect(report.status).toBe('warn');
  const warning = Object.entries(report.checks).filter(([, check]) => check.status !== 'ok');
  expect(warning.map(([check]) => check)).toEqual([name]);
});

it.each([
  ['a machine that is just busy enough', health({}, cpuOf(0.9, 0.9))],
  ['CPU time that is not yet known', health({}, cpuOf(null, null))],
  ['a heap at nine tenths of its limit', health({}, memoryOf(900))],
  ['a disk with a twentieth free', health({}, diskOf(50))],
  [
    'a file system without a size',
    health({}, { disk: () => Promise.resolve({ totalBytes: 0, freeBytes: 0 }) }),
  ],
  ['a quiet hour with one failure', health(errorsOf(1, 1))],
  ['an hour without commands', health(errorsOf(0, 0))],
  ['an error ratio of exactly 5 %', health(errorsOf(5, 100))],
])('does not cry wolf for %s', async (_what, subject) => {
  expect((await subject.report()).status).toBe('ok');
});

it('fails while a shard is away, with the reasons', async () => {
  const report = await health({
    shards: () => [SHARD, { ...SHARD, shard: 1, up: false }],
    readiness: () => ({ ready: false, reasons: ['shard 1 is not connected'] }),
  }).report();
  expect(report.status).toBe('fail');
  expect(report.checks.shards).toEqual({
    status: 'fail',
    detail: '1 of 2 shards are up; not ready: shard 1 is not connected.',
    values: { up: 1, total: 2 },
  });
});

it.each([
  [
    'the login has not finished',
    { readiness: () => ({ ready: false, reasons: ['not logged in'] }), shards: () => [] },
  ],
  ['a shard is down that readiness has not seen', { shards: () => [{ ...SHARD, up: false }] }],
])('fails when %s', async (_case, overrides) => {
  expect((await health(overrides).report()).checks.shards?.status).toBe('fail');
});

it('passes on what the store says of itself', async () => {
  const store = { status: 'fail', detail: 'The disk is full.', values: { waiting: 12 } } as const;
  const report = await health({ store: () => store }).report();
  expect(report).toMatchObject({ status: 'fail', checks: { store } });
});

it('names the modules that did not load, but not a hundred of them', async () => {
  const failed = Array.from({ length: 7 }, (_, index) => ({ file: `m${index}.js`, reason: 'no data' }));
  const { checks } = await health({ modules: () => ({ loaded: 2, failed }) }).report();
  expect(checks.commandModules?.detail).toBe(
    '7 of 9 command modules could not be loaded: ' +
      'm0.js (no data); m1.js (no data); m2.js (no data); m3.js (no data); m4.js (no data); and 2 more.',
  );
});

it('warns of a lost event for an hour, and not for the rest of the month', async () => {
  let now = 0;
  let errors = 1;
  const sinks = () => [
    { name: 'sentry', errors, dropped: 0 },
    { name: 'log', errors: 0, dropped: 0 },
  ];
  const subject = health({ now: () => now, startedAt: 0, sinks });
  const sinkStatus = async () => (await subject.report()).checks.sinks;
  expect(await sinkStatus()).toMatchObject({
    status: 'warn',
    detail: 'These sinks lost events in the last hour: sentry. Since the start: errors 1, dropped events 0.',
  });
  now = 3_599_999;
  expect(await sinkStatus()).toMatchObject({ status: 'warn' });
  now = 3_600_000;
  expect(await sinkStatus()).toMatchObject({ status: 'ok', values: { errors: 1 } });
  errors = 2;
  expect(await sinkStatus()).toMatchObject({ status: 'warn' });
});

function broken(): never {
  throw new Error('out of order');
}

it('is given even when every part of it throws', async () => {
  const report = await health(
    {
      shards: broken,
      readiness: broken,
      errorRatio: () => Promise.reject(new Error('out of order')),
      sinks: broken,
      store: broken,
      modules: broken,
    },
    { cpu: broken, heap: broken, disk: broken },
  ).report();
  expect(report.status).toBe('warn');
  expect(Object.values(report.checks)).toEqual(
    Array(8).fill({ status: 'warn', detail: 'This could not be checked: out of order.', values: {} }),
  );
});

it('is given even when a database hangs', async () => {
  jest.useFakeTimers();
  const report = health({ errorRatio: () => new Promise(() => undefined) }).report();
  await jest.advanceTimersByTimeAsync(2000);
  expect((await report).checks.errorRatio).toEqual({
    status: 'warn',
    detail: 'This could not be checked: no answer within 1 s.',
    values: {},
  });
});

it('leaves no timer that holds up the end of the process', async () => {
  jest.useFakeTimers();
  await health().report();
  expect(jest.getTimerCount()).toBe(0);
});
