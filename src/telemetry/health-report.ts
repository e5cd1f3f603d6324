import type { CommandModules, Health, HealthCheck, HealthStatus, Readiness, ShardState } from './health';
import type { SystemReadings } from './system';

/** Gathers what the parts say of themselves into one report. */

/** Beyond these a check warns. Ratios are from 0 to 1. */
export const HEALTH_THRESHOLDS = {
  cpuRatio: 0.9,
  /** Of the limit, where V8 gives up: used / total is always near 1. */
  heapUsedRatio: 0.9,
  diskFreeRatio: 0.05,
  errorRatio: 0.05,
  /** With fewer, a single failure would look like an outage. */
  errorRatioInvocations: 20,
  /** How long a loss in a sink is worth a warning. */
  sinkLossSeconds: 3600,
  /** How long a check may take, so that a database that hangs does not hang the report. */
  checkSeconds: 1,
} as const;

const LISTED = 5;

/** What a sink has lost since the process started. */
export interface SinkLosses {
  readonly name: string;
  /** Events at which it threw or could not write. */
  readonly errors: number;
  /** Events that it gave up because too many waited. */
  readonly dropped: number;
}

export interface HealthSources {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly version: string;
  readonly commit: string;
  /** A directory that exists, on the file system whose space matters. */
  readonly diskDirectory: string;
  /** Its own, so that its CPU readings reach from one report to the next. */
  readonly system: SystemReadings;
  readonly shards: () => readonly ShardState[];
  readonly readiness: () => Readiness;
  /** Of the last hour. */
  readonly errorRatio: () => Promise<{ readonly failed: number; readonly invocations: number }>;
  readonly sinks: () => readonly SinkLosses[];
  readonly store: () => HealthCheck;
  readonly modules: () => CommandModules;
}

/**
 * Opens the report. Only shards that are not ready, and a store that says so of itself, make it `fail`; whatever else
 * is wrong, and a check that throws or takes too long, is a `warn`. A report never rejects.
 */
export function createHealth(sources: HealthSources): Health {
  const { system, now, startedAt, version, commit } = sources;
  const recentLosses = createLossMemory(now);
  return {
    async report() {
      const [cpu, memory, disk, errorRatio, shards, store, sinks, commandModules] = await Promise.all([
        settle(() => checkCpu(system)),
        settle(() => checkMemory(system)),
        settle(() => checkDisk(system, sources.diskDirectory)),
        settle(() => checkErrorRatio(sources.errorRatio)),
        settle(() => checkShards(sources.readiness(), sources.shards())),
        settle(() => sources.store()),
        settle(() => checkSinks(sources.sinks(), recentLosses)),
        settle(() => checkModules(sources.modules())),
      ]);
      const checks = { cpu, memory, disk, errorRatio, shards, store, sinks, commandModules };
      const uptime = Math.max(0, (now() - startedAt) / 1000);
      return { status: worstOf(Object.values(checks)), checks, version, commit, uptime };
    },
  };
}

function checkCpu(system: SystemReadings): HealthCheck {
  const { machineRatio, processRatio } = system.cpu();
  const values = { machineRatio, processRatio };
  if (processRatio === null) return { status: 'ok', detail: 'CPU time has not been measured yet.', values };
  const machine = machineRatio === null ? '' : ` The machine's CPU is ${percent(machineRatio)} busy.`;
  return {
    status: warnIf(Math.max(machineRatio ?? 0, processRatio) > HEALTH_THRESHOLDS.cpuRatio),
    detail: `This process takes ${percent(processRatio)} of one core.${machine}`,
    values,
  };
}

async function checkMemory(system: SystemReadings): Promise<HealthCheck> {
  const { usedBytes, limitBytes } = system.heap();
  const { totalBytes, availableBytes } = await system.memory();
  const usedRatio = usedBytes / limitBytes;
  return {
    status: warnIf(usedRatio > HEALTH_THRESHOLDS.heapUsedRatio),
    detail:
      `The heap takes ${percent(usedRatio)} of its limit of ${mebibytes(limitBytes)}; ` +
      `${mebibytes(availableBytes)} of ${mebibytes(totalBytes)} of memory are available.`,
    values: {
      heapUsedRatio: usedRatio,
      heapUsedBytes: usedBytes,
      heapLimitBytes: limitBytes,
      totalBytes,
      availableBytes,
    },
  };
}

async function checkDisk(system: SystemReadings, directory: string): Promise<HealthCheck> {
  const { totalBytes, freeBytes } = await system.disk(directory);
  // Some virtual file systems have no size, and so cannot run full.
  const freeRatio = totalBytes > 0 ? freeBytes / totalBytes : 1;
  return {
    status: warnIf(freeRatio < HEALTH_THRESHOLDS.diskFreeRatio),
    detail: `${percent(freeRatio)} of the disk is free (${mebibytes(freeBytes)} of ${mebibytes(totalBytes)}).`,
    values: { freeRatio, freeBytes, totalBytes },
  };
}

async function checkErrorRatio(count: HealthSources['errorRatio']): Promise<HealthCheck> {
  const { failed, invocations } = await count();
  const ratio = invocations > 0 ? failed / invocations : 0;
  const enough = invocations >= HEALTH_THRESHOLDS.errorRatioInvocations;
  return {
    status: warnIf(enough && ratio > HEALTH_THRESHOLDS.errorRatio),
    detail: `${failed} of ${invocations} invocations failed in the last hour (${percent(ratio)}).`,
    values: { ratio, failed, invocations },
  };
}

function checkShards(readiness: Readiness, shards: readonly ShardState[]): HealthCheck {
  const up = shards.filter((shard) => shard.up).length;
  const ready = readiness.ready && up === shards.length;
  const count = `${up} of ${shards.length} shards are up`;
  const reasons = listOf(readiness.reasons);
  return {
    status: ready ? 'ok' : 'fail',
    detail: ready || reasons === '' ? `${count}.` : `${count}; not ready: ${reasons}.`,
    values: { up, total: shards.length },
  };
}

/** Whether a sink has lost something within the last hour, as far as earlier reports can tell. */
type RecentLosses = (sink: SinkLosses) => boolean;

/** Counts only grow, so a loss of long ago would warn for ever if nothing remembered when they grew. */
function createLossMemory(now: () => number): RecentLosses {
  const grown = new Map<string, { readonly lost: number; readonly at: number }>();
  return ({ name, errors, dropped }) => {
    const lost = errors + dropped;
    if (lost > (grown.get(name)?.lost ?? 0)) grown.set(name, { lost, at: now() });
    const last = grown.get(name);
    return last !== undefined && now() - last.at < HEALTH_THRESHOLDS.sinkLossSeconds * 1000;
  };
}

function checkSinks(sinks: readonly SinkLosses[], lostRecently: RecentLosses): HealthCheck {
  const losing = sinks.filter(lostRecently);
  const errors = sum(sinks.map((sink) => sink.errors));
  const dropped = sum(sinks.map((sink) => sink.dropped));
  const sinceStart = `Since the start: errors ${errors}, dropped events ${dropped}.`;
  return {
    status: warnIf(losing.length > 0),
    detail:
      losing.length === 0
        ? `No sink lost anything in the last hour. ${sinceStart}`
        : `These sinks lost events in the last hour: ${listOf(losing.map(({ name }) => name))}. ${sinceStart}`,
    values: { errors, dropped, losing: losing.length },
  };
}

function checkModules({ loaded, failed }: CommandModules): HealthCheck {
  const files = listOf(failed.map(({ file, reason }) => `${file} (${reason})`));
  return {
    status: warnIf(failed.length > 0),
    detail:
      failed.length === 0
        ? `All ${loaded} command modules are loaded.`
        : `${failed.length} of ${loaded + failed.length} command modules could not be loaded: ${files}.`,
    values: { loaded, failed: failed.length },
  };
}

/** Runs a check to an answer, whatever it does. */
async function settle(check: () => HealthCheck | Promise<HealthCheck>): Promise<HealthCheck> {
  const seconds = HEALTH_THRESHOLDS.checkSeconds;
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${seconds} s`)), seconds * 1000);
    });
    return await Promise.race([(async () => check())(), late]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { status: 'warn', detail: `This could not be checked: ${reason}.`, values: {} };
  } finally {
    clearTimeout(timer);
  }
}

function worstOf(checks: readonly HealthCheck[]): HealthStatus {
  const statuses = checks.map((check) => check.status);
  return (['fail', 'warn'] as const).find((status) => statuses.includes(status)) ?? 'ok';
}

function warnIf(wrong: boolean): HealthStatus {
  return wrong ? 'warn' : 'ok';
}

function listOf(items: readonly string[]): string {
  const hidden = items.length - LISTED;
  return items.slice(0, LISTED).join('; ') + (hidden > 0 ? `; and ${hidden} more` : '');
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
