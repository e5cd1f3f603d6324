import type { APIEmbed, AutocompleteInteraction, ChatInputCommandInteraction } from 'discord.js';
import type { CommandContext, ReadModels } from '../../src/discord/command';
import { createSummariser } from '../../src/log-reader/summary';
import type {
  ErrorChange,
  ErrorsAnswer,
  ReleaseChanges,
  StatsQuery,
  StatsSummary,
  StoredInvocation,
  Totals,
  WorseCommand,
} from '../../src/stats/stats';
import type { HealthReport } from '../../src/telemetry/health';
import { settled, START } from '../stats/support';

export class Refusal extends Error {}

export const NOTHING: Totals = {
  invocations: 0,
  ok: 0,
  refused: 0,
  failed: 0,
  errorRate: 0,
  p50Ms: null,
  p95Ms: null,
  p99Ms: null,
  users: 0,
  ackP50Ms: null,
  ackP95Ms: null,
  ackP99Ms: null,
  refusals: {},
  failures: {},
};

/** A summary of nothing, but for what is said otherwise. */
export function summaryOf(changes: Partial<StatsSummary> = {}): StatsSummary {
  const since = new Date(START).toISOString();
  const nothing = { totals: NOTHING, previous: null, commands: [], topErrors: [], unused: [] };
  return { period: '24h', since, ...nothing, ...changes };
}

/** A period in which nothing failed, but for what is said otherwise. */
export function errorsOf(changes: Partial<ErrorsAnswer> = {}): ErrorsAnswer {
  const since = new Date(START).toISOString();
  return { period: '24h', since, groups: [], others: { errors: 0, count: 0 }, ...changes };
}

/** A failure of `/ping` that is kept, but for what is said otherwise. */
export function storedFailure(changes: Partial<StoredInvocation> = {}): StoredInvocation {
  return {
    at: new Date(START).toISOString(),
    command: 'ping',
    kind: 'chat_input',
    outcome: 'failed',
    reason: 'exception',
    fingerprint: '0123456789ab',
    message: 'boom',
    guildId: 'guild-1',
    userHash: null,
    durationMs: 12,
    ackMs: 20,
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    shard: 0,
    version: '1.2.3',
    commit: '4bf92f3',
    ...changes,
  };
}

/** Nothing new or worse in the two hours of a release, against the seven days before, but for what is said otherwise. */
export function changesOf(changes: Partial<ReleaseChanges> = {}): ReleaseChanges {
  return {
    version: '1.4.0',
    commit: 'abc1234',
    startedAt: new Date(START).toISOString(),
    comparedSince: new Date(START - 7 * 24 * 3_600_000).toISOString(),
    runs: { before: 150_000, since: 1_000 },
    newErrors: [],
    worseErrors: [],
    worseCommands: [],
    ...changes,
  };
}

export function errorChange(changes: Partial<ErrorChange> = {}): ErrorChange {
  return {
    fingerprint: '0123456789ab',
    reason: 'exception',
    message: 'boom',
    commands: ['ping'],
    count: 12,
    countBefore: 0,
    firstSeen: new Date(START).toISOString(),
    lastSeen: new Date(START).toISOString(),
    reference: '4bf92f35',
    ...changes,
  };
}

export function worseCommand(changes: Partial<WorseCommand> = {}): WorseCommand {
  return {
    command: 'ping',
    kind: 'chat_input',
    worse: 'error_rate',
    before: 0.005,
    since: 0.042,
    invocations: 500,
    ...changes,
  };
}

/** As much as the statistics tell: thirty changes of long and hostile names. */
export function crowdedChanges(letter: string, lastSeen = new Date(START).toISOString()): ReleaseChanges {
  const ten = Array.from({ length: 10 }, (_, i) => i);
  const commands = ten.map((i) => `${i}${letter.repeat(97)}`);
  const error = errorChange({
    reason: '*@'.repeat(100),
    message: '``` @everyone <@1> **x** '.repeat(8),
    commands,
    count: 999_999_999,
    countBefore: 999_999_999,
    lastSeen,
  });
  const slow = worseCommand({
    kind: 'message_menu',
    worse: 'p95_ms',
    before: 9_999_999.12,
    since: 99_999_999,
  });
  return changesOf({
    version: '9.9.9-`@everyone`<@1>**'.repeat(10),
    newErrors: ten.map((i) => ({ ...error, fingerprint: `${i}`.repeat(12) })),
    worseErrors: ten.map(() => error),
    worseCommands: commands.map((command) => ({ ...slow, command })),
  });
}

export const REPORT: HealthReport = {
  status: 'ok',
  checks: {},
  version: '1.2.3',
  commit: '4bf92f3577b34da6',
  uptime: 3600,
};

export const NOTHING_READ = {
  ...{ stoppedBy: null, isCut: false, brokenLines: 0, unreadable: [], readBytes: 0 },
  reach: { files: 0, from: null },
} as const;

/** The beginning of a PNG, as the fake charts draw it. */
export const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);

/** Read models of a bot that has counted nothing but for what is said otherwise. Keeps the queries they get. */
export function fakeReadModels(
  changes: Partial<ReadModels> = {},
  summary: Partial<StatsSummary> = {},
): { readonly readModels: ReadModels; readonly queries: StatsQuery[] } {
  const queries: StatsQuery[] = [];
  const readModels: ReadModels = {
    statsPublic: false,
    links: { trace: null, sentry: null, isSampled: () => true },
    stats: {
      summary: (query) => {
        queries.push(query);
        return Promise.resolve(summaryOf({ period: query.period, ...summary }));
      },
      timeline: () =>
        Promise.resolve({ stepMs: 3_600_000, points: [{ start: START, ok: 1, refused: 0, failed: 0 }] }),
      invocations: () => Promise.resolve([]),
      errors: ({ period }) => Promise.resolve(errorsOf({ period })),
      changes: () => Promise.resolve(null),
      commandNames: () => ['ping', 'ticket close', 'ticket open'],
    },
    charts: { draw: () => Promise.resolve(PNG) },
    privacy: { forgetUser: () => Promise.resolve(0) },
    logs: {
      newest: () => Promise.resolve({ ...NOTHING_READ, entries: [] }),
      summary: () => Promise.resolve({ ...NOTHING_READ, summary: createSummariser().summary() }),
    },
    health: { report: () => Promise.resolve(REPORT) },
    shards: () => [],
    modules: () => ({ loaded: 3, failed: [] }),
    logLevels: {
      settings: { console: 'info', file: 'debug' },
      loggers: () => [],
      changes: () => [],
      change: () => null,
      reset: () => [],
    },
    ...changes,
  };
  return { readModels, queries };
}

/** A context with nothing in it, but for what is said otherwise. Keeps the queries that the statistics get. */
export function fakeContext(
  changes: Partial<CommandContext> = {},
  locale = 'en-US',
  summary: Partial<StatsSummary> = {},
): { readonly context: CommandContext; readonly queries: StatsQuery[] } {
  const { readModels, queries } = fakeReadModels({}, summary);
  const silent = (): void => undefined;
  const context: CommandContext = {
    invocation: settled({ locale, shard: 1 }),
    params: {},
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
    ...readModels,
    ...changes,
  };
  return { context, queries };
}

export interface Reply {
  readonly content?: string;
  readonly embeds?: readonly APIEmbed[];
  readonly flags?: number;
  readonly allowedMentions?: unknown;
  readonly files?: readonly unknown[];
  readonly components?: readonly unknown[];
}

export const USER_ID = '1180000000000000001';

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
    user: { id: USER_ID },
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
