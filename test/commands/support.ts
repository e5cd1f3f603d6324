import type { APIEmbed, AutocompleteInteraction, ChatInputCommandInteraction } from 'discord.js';
import type { CommandContext } from '../../src/discord/command';
import type { Counts, StatsQuery, StatsSummary } from '../../src/stats/stats';
import type { HealthReport } from '../../src/telemetry/health';
import { settled, START } from '../stats/support';

export class Refusal extends Error {}

export const NOTHING: Counts = {
  invocations: 0,
  ok: 0,
  refused: 0,
  failed: 0,
  errorRate: 0,
  p50Ms: null,
  p95Ms: null,
  p99Ms: null,
  users: 0,
};

/** A summary of nothing, but for what is said otherwise. */
export function summaryOf(changes: Partial<StatsSummary> = {}): StatsSummary {
  const since = new Date(START).toISOString();
  return { period: '24h', since, totals: NOTHING, commands: [], topErrors: [], unused: [], ...changes };
}

export const REPORT: HealthReport = {
  status: 'ok',
  checks: {},
  version: '1.2.3',
  commit: '4bf92f3577b34da6',
  uptime: 3600,
};

/** A context with nothing in it, but for what is said otherwise. Keeps the queries that the statistics get. */
export function fakeContext(
  changes: Partial<CommandContext> = {},
  locale = 'en-US',
  summary: Partial<StatsSummary> = {},
): { readonly context: CommandContext; readonly queries: StatsQuery[] } {
  const queries: StatsQuery[] = [];
  const silent = (): void => undefined;
  const context: CommandContext = {
    invocation: settled({ locale, shard: 1 }),
    log: { error: silent, warn: silent, info: silent, debug: silent },
    refuse: (message) => {
      throw new Refusal(message);
    },
    signal: new AbortController().signal,
    metrics: {
      counter: () => ({ increment: silent }),
      gauge: () => ({ set: silent }),
      histogram: () => ({ observe: silent }),
    },
    isOwner: false,
    statsPublic: false,
    stats: {
      summary: (query) => {
        queries.push(query);
        return Promise.resolve(summaryOf({ period: query.period, ...summary }));
      },
      commandNames: () => ['ping', 'ticket close', 'ticket open'],
    },
    health: { report: () => Promise.resolve(REPORT) },
    shards: () => [],
    modules: () => ({ loaded: 3, failed: [] }),
    ...changes,
  };
  return { context, queries };
}

export interface Reply {
  readonly content?: string;
  readonly embeds?: readonly APIEmbed[];
  readonly flags?: number;
  readonly allowedMentions?: unknown;
}

export interface InteractionOptions {
  readonly options?: Readonly<Record<string, string>>;
  readonly guildId?: string | null;
  readonly focused?: string;
}

/** As much of a discord.js interaction as the commands touch; keeps what they answer. */
export function fakeInteraction({
  options = {},
  guildId = 'guild-1',
  focused = '',
}: InteractionOptions = {}) {
  const replies: Reply[] = [];
  const choices: { name: string; value: string }[] = [];
  const interaction = {
    guildId,
    createdTimestamp: START,
    options: { getString: (name: string) => options[name] ?? null, getFocused: () => focused },
    reply: (reply: Reply) => Promise.resolve(replies.push(reply)),
    respond: (offered: typeof choices) => Promise.resolve(choices.push(...offered)),
  };
  return {
    interaction: interaction as unknown as ChatInputCommandInteraction,
    autocompletion: interaction as unknown as AutocompleteInteraction,
    replies,
    choices,
  };
}

/** What in an embed is beyond Discord's limits. */
export function beyondLimits(embed: APIEmbed): string[] {
  const fields = embed.fields ?? [];
  const parts: readonly (readonly [string, string, number])[] = [
    ['title', embed.title ?? '', 256],
    ['description', embed.description ?? '', 4096],
    ['footer', embed.footer?.text ?? '', 2048],
    ...fields.map(({ name }) => ['field name', name, 256] as const),
    ...fields.map(({ value }) => ['field value', value, 1024] as const),
  ];
  const total = parts.reduce((sum, [, text]) => sum + text.length, 0);
  const empty = fields.filter(({ name, value }) => name.trim() === '' || value.trim() === '');
  return [
    ...parts.filter(([, text, limit]) => text.length > limit).map(([part]) => part),
    ...(fields.length > 25 ? ['fields'] : []),
    ...(total > 6000 ? ['total'] : []),
    ...(empty.length > 0 ? ['empty field'] : []),
  ];
}

/** Everything that a person reads in an embed. */
export function textOf(embed: APIEmbed): string {
  const fields = (embed.fields ?? []).map(({ name, value }) => `${name}: ${value}`);
  return [embed.title, embed.description, ...fields, embed.footer?.text].join('\n');
}
