import { readFile, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

/** What the machine and this process have, and how much of it is used. */

export interface MemoryReading {
  /** Of the machine, or of the container if that is limited to less. */
  readonly totalBytes: number;
  /** What can still be had without swapping: the page cache counts as available. */
  readonly availableBytes: number;
}

export interface DiskReading {
  readonly totalBytes: number;
  /** What this user may still write. */
  readonly freeBytes: number;
}

export interface HeapReading {
  readonly usedBytes: number;
  /** Where V8 gives up and ends the process. */
  readonly limitBytes: number;
}

/** Means since the reading before. Null until there is enough to tell, or where the platform does not say. */
export interface CpuReading {
  /** Busy share of all the machine's cores, from 0 to 1. */
  readonly machineRatio: number | null;
  /** This process's share of one core: 1 keeps one core busy, and several threads may take more. */
  readonly processRatio: number | null;
}

export interface SystemReadings {
  /** Where a container's limit cannot be read, the machine's. */
  memory(): Promise<MemoryReading>;
  /** Of the file system that holds a directory. Rejects if that does not exist. */
  disk(directory: string): Promise<DiskReading>;
  heap(): HeapReading;
  /** Readings less than a second apart are the same one, so that two readers do not spoil each other's. */
  cpu(): CpuReading;
}

/** Where the readings come from. */
export interface SystemSources {
  /** Milliseconds that each core has spent, by what on. */
  readonly coreTimes: () => readonly Readonly<Record<'user' | 'nice' | 'sys' | 'idle' | 'irq', number>>[];
  /** Microseconds that this process has spent on all cores. */
  readonly processTimes: () => { readonly user: number; readonly system: number };
  readonly monotonicSeconds: () => number;
  readonly hostMemory: () => MemoryReading;
  readonly heap: () => HeapReading;
  /** Where the control groups are mounted, version 1 or 2. */
  readonly cgroupDirectory: string;
}

export const SYSTEM_SOURCES: SystemSources = {
  coreTimes: () => os.cpus().map((core) => core.times),
  processTimes: () => process.cpuUsage(),
  monotonicSeconds: () => performance.now() / 1000,
  hostMemory: () => ({ totalBytes: os.totalmem(), availableBytes: os.freemem() }),
  heap: () => {
    const { used_heap_size, heap_size_limit } = getHeapStatistics();
    return { usedBytes: used_heap_size, limitBytes: heap_size_limit };
  },
  cgroupDirectory: '/sys/fs/cgroup',
};

/** Opens the readings. CPU shares begin to count here. */
export function createSystemReadings(sources: Partial<SystemSources> = {}): SystemReadings {
  const all: SystemSources = { ...SYSTEM_SOURCES, ...sources };
  return {
    memory: () => readMemory(all.hostMemory(), all.cgroupDirectory),
    disk: readDisk,
    heap: all.heap,
    cpu: createCpuMeter(all),
  };
}

async function readDisk(directory: string): Promise<DiskReading> {
  const { bsize, blocks, bavail } = await statfs(directory);
  return { totalBytes: blocks * bsize, freeBytes: bavail * bsize };
}

/** The files of a control group, by version: limit, usage, and how much of the usage is page cache to drop. */
const CGROUP_FILES = [
  { limit: 'memory.max', usage: 'memory.current', stat: 'memory.stat', cache: /^inactive_file (\d+)$/m },
  {
    limit: 'memory/memory.limit_in_bytes',
    usage: 'memory/memory.usage_in_bytes',
    stat: 'memory/memory.stat',
    cache: /^total_inactive_file (\d+)$/m,
  },
] as const;

async function readMemory(host: MemoryReading, cgroupDirectory: string): Promise<MemoryReading> {
  const read = (file: string) => readFile(path.join(cgroupDirectory, file), 'utf8').catch(() => '');
  for (const files of CGROUP_FILES) {
    const limitBytes = Number.parseInt(await read(files.limit), 10);
    // "max" in version 2 and a huge number in version 1 mean that there is no limit.
    if (!(limitBytes < host.totalBytes)) continue;
    const usageBytes = Number.parseInt(await read(files.usage), 10);
    if (Number.isNaN(usageBytes)) continue;
    const cacheBytes = Number(files.cache.exec(await read(files.stat))?.[1] ?? 0);
    const unusedBytes = Math.max(0, limitBytes - Math.max(0, usageBytes - cacheBytes));
    return { totalBytes: limitBytes, availableBytes: Math.min(unusedBytes, host.availableBytes) };
  }
  return host;
}

const SHORTEST_CPU_READING_SECONDS = 1;

interface CpuTotals {
  readonly atSeconds: number;
  readonly processSeconds: number;
  readonly idleMs: number;
  readonly allMs: number;
}

function createCpuMeter(sources: SystemSources): () => CpuReading {
  let before = cpuTotals(sources);
  let reading: CpuReading = { machineRatio: null, processRatio: null };
  return () => {
    if (sources.monotonicSeconds() - before.atSeconds < SHORTEST_CPU_READING_SECONDS) return reading;
    const now = cpuTotals(sources);
    const allMs = now.allMs - before.allMs;
    reading = {
      machineRatio: allMs > 0 ? clampRatio(1 - (now.idleMs - before.idleMs) / allMs) : null,
      processRatio: (now.processSeconds - before.processSeconds) / (now.atSeconds - before.atSeconds),
    };
    before = now;
    return reading;
  };
}

function cpuTotals({ coreTimes, processTimes, monotonicSeconds }: SystemSources): CpuTotals {
  const { user, system } = processTimes();
  let idleMs = 0;
  let allMs = 0;
  for (const times of coreTimes()) {
    idleMs += times.idle;
    allMs += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { atSeconds: monotonicSeconds(), processSeconds: (user + system) / 1e6, idleMs, allMs };
}

/** A core that is taken offline makes the sums run backwards. */
function clampRatio(ratio: number): number {
  return Math.min(1, Math.max(0, ratio));
}
