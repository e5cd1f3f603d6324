import type { InvocationRow } from '../../src/stats/invocation-row';
import { randomFrom } from '../numbers';

/** Invocations as a busy bot has them: a few commands, servers and users are used far more than the others. */

export const COMMANDS = 200;
export const GUILDS = 1_000;
export const USERS = 50_000;
export const DAYS = 90;
const DAY_MS = 86_400_000;
const BUGS = 40;

/** A server's id; 0 is the busiest. */
export const guildId = (index: number): string => `1${String(index).padStart(5, '0')}34567890123`;
/** A command's name; 0 is the most used. */
export const commandName = (index: number): string => `command-${index}`;

export interface RowSource {
  /** The row of that number, of so many: spread evenly over 90 days that end at `end` (milliseconds since the epoch). */
  at(index: number): InvocationRow;
}

export function createRows(count: number, end: number): RowSource {
  const random = randomFrom(7);
  const start = end - DAYS * DAY_MS;
  return {
    at(index) {
      const at = Math.floor(start + ((index + 1) / count) * DAYS * DAY_MS);
      return { ...rowAt(random), at, receivedAt: at - 100 };
    },
  };
}

/** One row, but for its times. */
export function rowAt(random: () => number): Omit<InvocationRow, 'at' | 'receivedAt'> {
  const ending = random();
  const failed = ending > 0.97;
  const refused = !failed && ending > 0.95;
  const bug = Math.floor(random() * BUGS);
  const durationSeconds = logNormal(random);
  return {
    command: commandName(zipf(random, COMMANDS)),
    kind: 'chat_input',
    outcome: failed ? 'failed' : refused ? 'refused' : 'ok',
    reason: failed ? 'exception' : refused ? 'cooldown' : null,
    fingerprint: failed ? bug.toString(16).padStart(12, '0') : null,
    message: failed ? `Could not do it, for reason ${bug}` : null,
    guildId: guildId(zipf(random, GUILDS)),
    userId: `1000000000000${String(zipf(random, USERS)).padStart(5, '0')}`,
    durationSeconds,
    ackSeconds: durationSeconds + 0.08,
    traceId: Array.from({ length: 4 }, () =>
      Math.floor(random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0'),
    ).join(''),
    shard: 0,
  };
}

/** From 0 to n - 1, the first far more often than the last: by the inverse of 1/x, close to Zipf's law. */
function zipf(random: () => number, n: number): number {
  return Math.min(n - 1, Math.floor(n ** random()) - 1);
}

/** As services take: half of them below 0.1 s, one in a hundred above 1.6 s. */
function logNormal(random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  return Math.exp(normal * 1.2 - 2.3);
}
