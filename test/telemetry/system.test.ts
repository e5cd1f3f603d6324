import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSystemReadings } from '../../src/telemetry/system';

const MIB = 2 ** 20;
const HOST = { totalBytes: 8192 * MIB, availableBytes: 4096 * MIB };

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'telltale-system-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function readMemoryWith(files: Readonly<Record<string, string>>) {
  for (const [file, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(directory, file)), { recursive: true });
    await writeFile(path.join(directory, file), content);
  }
  return createSystemReadings({ hostMemory: () => HOST, cgroupDirectory: directory }).memory();
}

describe('memory', () => {
  it.each([
    [
      'version 2',
      {
        'memory.max': `${512 * MIB}\n`,
        'memory.current': `${300 * MIB}\n`,
        'memory.stat': `anon 5\ninactive_file ${100 * MIB}\nactive_file 7\n`,
      },
    ],
    [
      'version 1',
      {
        'memory/memory.limit_in_bytes': `${512 * MIB}\n`,
        'memory/memory.usage_in_bytes': `${300 * MIB}\n`,
        'memory/memory.stat': `inactive_file 1\ntotal_inactive_file ${100 * MIB}\n`,
      },
    ],
  ])(
    "is the container's in control groups of %s, with the cache that can be dropped",
    async (_version, files) => {
      expect(await readMemoryWith(files)).toEqual({ totalBytes: 512 * MIB, availableBytes: 312 * MIB });
    },
  );

  it.each([
    ['there is no control group', {}],
    ['version 2 sets no limit', { 'memory.max': 'max\n', 'memory.current': '5\n' }],
    [
      'version 1 sets no limit',
      { 'memory/memory.limit_in_bytes': '9223372036854771712\n', 'memory/memory.usage_in_bytes': '5\n' },
    ],
    ['the usage cannot be read', { 'memory.max': `${512 * MIB}\n` }],
  ])("is the machine's where %s", async (_case, files) => {
    expect(await readMemoryWith(files)).toEqual(HOST);
  });

  it('never promises what the machine itself no longer has, and never less than nothing', async () => {
    const limit = { 'memory.max': String(6000 * MIB) };
    expect(await readMemoryWith({ ...limit, 'memory.current': '0' })).toMatchObject({
      availableBytes: HOST.availableBytes,
    });
    expect(await readMemoryWith({ ...limit, 'memory.current': String(6001 * MIB) })).toMatchObject({
      availableBytes: 0,
    });
  });
});

describe('CPU', () => {
  function createMeter(cores: number) {
    const state = { seconds: 0, busyMs: 0, idleMs: 0, processUs: 0 };
    const core = () => ({
      user: state.busyMs / 2,
      nice: 0,
      sys: state.busyMs / 2,
      idle: state.idleMs,
      irq: 0,
    });
    const system = createSystemReadings({
      coreTimes: () => Array.from({ length: cores }, core),
      processTimes: () => ({ user: state.processUs, system: 0 }),
      monotonicSeconds: () => state.seconds,
    });
    return { state, cpu: () => system.cpu() };
  }

  it('is measured from one reading to the next, not since the machine was started', () => {
    const { state, cpu } = createMeter(2);
    Object.assign(state, { seconds: 10, busyMs: 2_500, idleMs: 7_500, processUs: 5_000_000 });
    expect(cpu()).toEqual({ machineRatio: 0.25, processRatio: 0.5 });
    Object.assign(state, { seconds: 20, busyMs: 11_500, idleMs: 8_500, processUs: 17_000_000 });
    expect(cpu()).toEqual({ machineRatio: 0.9, processRatio: 1.2 });
  });

  it('is not made up before there is enough to measure', () => {
    const { state, cpu } = createMeter(2);
    expect(cpu()).toEqual({ machineRatio: null, processRatio: null });
    Object.assign(state, { seconds: 10, busyMs: 5_000, idleMs: 5_000, processUs: 0 });
    const reading = cpu();
    Object.assign(state, { seconds: 10.5, busyMs: 5_500, idleMs: 5_000 });
    expect(cpu()).toEqual(reading);
  });

  it("is the process's alone where the platform shows no cores", () => {
    const { state, cpu } = createMeter(0);
    Object.assign(state, { seconds: 4, processUs: 1_000_000 });
    expect(cpu()).toEqual({ machineRatio: null, processRatio: 0.25 });
  });
});

describe('this machine', () => {
  it('has readings that can be true', async () => {
    const system = createSystemReadings();
    const memory = await system.memory();
    expect(memory.totalBytes).toBeGreaterThan(MIB);
    expect(memory.availableBytes).toBeLessThanOrEqual(memory.totalBytes);
    const disk = await system.disk(directory);
    expect(disk.freeBytes).toBeGreaterThan(0);
    expect(disk.freeBytes).toBeLessThanOrEqual(disk.totalBytes);
    const heap = system.heap();
    expect(heap.usedBytes).toBeGreaterThan(MIB);
    expect(heap.usedBytes).toBeLessThan(heap.limitBytes);
  });

  it('says so when the directory does not exist', async () => {
    await expect(createSystemReadings().disk(path.join(directory, 'nowhere'))).rejects.toThrow('ENOENT');
  });
});
