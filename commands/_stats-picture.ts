import type { CommandContext } from '../src/discord/command';
import { messagesFor } from '../src/discord/messages';
import { StoreUnavailableError, type StatsQuery, type Timeline } from '../src/stats/stats';
import { within } from './_in-time';

/** A file of a message, as discord.js takes it. */
export interface Picture {
  readonly attachment: Buffer;
  readonly name: string;
  /** For those who do not see it. */
  readonly description: string;
}

/** Half of what Discord gives: the numbers are the answer, and must not miss it for a picture. */
const LIMIT_MS = 1500;

/** The calls over time; null where there were none, or where the chart cannot be had in time. Never rejects. */
export async function picture(query: StatsQuery, context: CommandContext): Promise<Picture | null> {
  try {
    return await within(draw(query, context), LIMIT_MS, null);
  } catch (error) {
    if (error instanceof StoreUnavailableError) return null; // There is nothing to show, with or without a picture.
    context.log.warn('The chart of the statistics could not be drawn; they were shown without it.', {
      error,
    });
    return null;
  }
}

async function draw(
  query: StatsQuery,
  { stats, charts, invocation }: CommandContext,
): Promise<Picture | null> {
  const text = messagesFor(invocation.locale).stats;
  const { points, stepMs } = await stats.timeline(query);
  if (isEmpty(points)) return null;
  const title = text.chart.callsPer(stepMs);
  const png = await charts.draw({
    kind: 'calls',
    title,
    points,
    stepMs,
    labels: {
      ok: text.ok,
      refused: text.refused,
      failed: text.failed,
      empty: text.chart.empty,
      timeZone: 'UTC',
    },
    locale: invocation.locale === 'ko' ? 'ko' : 'en',
  });
  const description = text.chart.describe(title, text.periods[query.period]);
  return { attachment: Buffer.from(png), name: 'stats.png', description };
}

function isEmpty(points: Timeline['points']): boolean {
  return points.every(({ ok, refused, failed }) => ok + refused + failed === 0);
}
