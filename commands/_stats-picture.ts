import type { CommandContext } from '../src/discord/command';
import { messagesFor } from '../src/discord/messages';
import type { StatsQuery, Timeline } from '../src/stats/stats';
import { unlessLate } from './_in-time';

/** A file of a message, as discord.js takes it. */
export interface Picture {
  readonly attachment: Buffer;
  readonly name: string;
  /** For those who do not see it. */
  readonly description: string;
}

/** The calls over time; null where there were none, or where the chart cannot be had in time. Never rejects. */
export function picture(query: StatsQuery, context: CommandContext): Promise<Picture | null> {
  const warning = 'The chart of the statistics could not be drawn; they were shown without it.';
  return unlessLate(draw(query, context), warning, context.log);
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
