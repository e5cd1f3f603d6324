import type { APIEmbed, APIEmbedField } from 'discord.js';
import type { Messages } from '../src/discord/messages';
import type { CommandModules, HealthReport, HealthStatus } from '../src/telemetry/health';
import { COLOURS } from './_stats-parts';
import { clip, clipLines, code, escapeMarkdown, plain } from './_text';

const MARKS: Readonly<Record<HealthStatus, string>> = { ok: '🟢', warn: '🟡', fail: '🔴' };
/** Half of what Discord allows, so that the whole embed stays below its 6,000 characters. */
const DESCRIPTION_LENGTH = 3000;
const FIELD_LENGTH = 1024;

/** The bot's condition, as one embed within Discord's limits. `startedAt` is in milliseconds since the epoch. */
export function healthEmbed(
  report: HealthReport,
  modules: CommandModules,
  startedAt: number,
  messages: Messages,
): APIEmbed {
  const text = messages.health;
  const labels = new Map(Object.entries(text.checkNames));
  const checks = Object.entries(report.checks).map(
    ([name, { status, detail }]) =>
      `${MARKS[status]} **${escapeMarkdown(labels.get(name) ?? name)}** ${escapeMarkdown(clip(plain(detail), 300))}`,
  );
  return {
    title: `${MARKS[report.status]} ${text.title[report.status]}`,
    description: clipLines(checks, DESCRIPTION_LENGTH, messages.stats.more),
    color: COLOURS[report.status],
    fields: [
      ...failedModules(modules, messages),
      {
        name: text.version,
        value: `${code(report.version)} (${code(report.commit.slice(0, 7))})`,
        inline: true,
      },
      { name: text.uptime, value: `<t:${Math.floor(startedAt / 1000)}:R>`, inline: true },
    ],
  };
}

function failedModules({ failed }: CommandModules, { health, stats }: Messages): APIEmbedField[] {
  if (failed.length === 0) return [];
  const lines = failed.map(({ file, reason }) => `${code(file)} ${code(reason, 200)}`);
  return [{ name: health.failedModules(failed.length), value: clipLines(lines, FIELD_LENGTH, stats.more) }];
}
