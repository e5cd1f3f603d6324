import { detailEmbed } from '../../commands/_stats-detail';
import { overviewEmbed as overviewPage, pagesOf } from '../../commands/_stats-overview';
import { displayWidth } from '../../commands/_text';
import { messagesFor } from '../../src/discord/messages';
import type {
  CommandStats,
  ErrorStats,
  ReleaseChanges,
  StatsSummary,
  StoredInvocation,
} from '../../src/stats/stats';
import { START } from '../stats/support';
import { beyondLimits, crowdedChanges, NOTHING, storedFailure, summaryOf, textOf } from './support';

const en = messagesFor('en-US').stats;
const ko = messagesFor('ko').stats;
const ISO = new Date(START).toISOString();
const overviewEmbed = (summary: StatsSummary, scope: string, text: typeof en) =>
  overviewPage({ summary, changes: null }, 0, scope, text);
const counts = {
  ...NOTHING,
  invocations: 2_000,
  ok: 1_950,
  refused: 20,
  failed: 30,
  errorRate: 0.015,
  users: 1_234,
};
const latencies = { p50Ms: 12.35, p95Ms: 1_234, p99Ms: 2_500, ackP50Ms: 80, ackP95Ms: 310.5, ackP99Ms: 900 };
const row = (command: string, changes: Partial<CommandStats> = {}): CommandStats => ({
  ...counts,
  ...latencies,
  command,
  kind: 'chat_input',
  lastUsed: ISO,
  ...changes,
});
const error = (changes: Partial<ErrorStats> = {}): ErrorStats => ({
  command: 'ping',
  reason: 'exception',
  fingerprint: '0123456789ab',
  message: 'boom',
  count: 30,
  firstSeen: ISO,
  lastSeen: ISO,
  reference: '4bf92f35',
  ...changes,
});
const busy = summaryOf({
  totals: {
    ...counts,
    ...latencies,
    refusals: { cooldown: 15, user_error: 5 },
    failures: { timeout: 2, exception: 28 },
  },
  commands: [row('ping')],
  topErrors: [error()],
  unused: ['ban'],
});

/** As much as there can be: 200 commands with Discord's longest paths, ten long errors. */
function crowded(letter: string): StatsSummary {
  const path = (i: number): string => [letter, letter, letter].map((l) => `${i}`.padEnd(32, l)).join(' ');
  const names = Array.from({ length: 200 }, (_, i) => path(i));
  const message = '``` @everyone <@1> **x** '.repeat(8);
  return {
    ...busy,
    commands: names.map((name) => row(name, { invocations: 999_999_999, errorRate: 1, p95Ms: 9_999_999 })),
    topErrors: names.slice(0, 10).map((command) => error({ command, message, count: 999_999_999 })),
    unused: names,
  };
}

describe('the overview', () => {
  it('shows nothing of what an error said to those who read along', () => {
    expect(JSON.stringify(overviewEmbed(busy, '', en))).not.toContain('boom');
  });

  it('shows the exact figures of the summary', () => {
    const embed = overviewEmbed(busy, 'This server, since', en);
    expect(Object.fromEntries(embed.fields!.map(({ name, value }) => [name, value]))).toEqual({
      Calls: '2,000',
      OK: '1,950',
      Refused: '20',
      Failed: '30 (1.5%)',
      p95: '1,234 ms',
      Users: '1,234',
      'Most frequent errors': `\`ping\` **30×** exception \`4bf92f35\` <t:${START / 1000}:R>`,
      'Not used: 1': '`ban`',
    });
    expect(embed.description).toBe('```\ncommand  calls  err %  p95 ms\nping     2,000   1.5%   1,234\n```');
    expect(embed).toMatchObject({ footer: { text: 'This server, since' }, timestamp: ISO });
  });

  it('tells where to begin when nothing was used', () => {
    const embed = overviewEmbed(summaryOf({ unused: ['ping'] }), 'scope', en);
    expect(embed.description).toBe(
      'No command was used in the last 24 hours. Try `/ping`, or a longer period with `/stats period:30d`.',
    );
    expect(embed.fields).toEqual([{ name: 'Not used: 1', value: '`ping`' }]);
    expect(beyondLimits(overviewEmbed(summaryOf(), 'scope', ko))).toEqual([]);
  });

  it.each(['a', '한'])(
    'arrives with 200 long names of "%s", the ten most used of them in a table',
    (letter) => {
      for (const text of [en, ko]) {
        const shown = { summary: crowded(letter), changes: crowdedChanges(letter) };
        const embed = overviewPage(shown, 0, 'scope', text);
        expect(beyondLimits(embed)).toEqual([]);
        const lines = embed.description!.split('\n').slice(1, -1);
        expect(lines).toHaveLength(11);
        expect(new Set(lines.map(displayWidth)).size).toBe(1);
        expect(textOf(embed)).toContain(text.more(190));
      }
    },
  );

  it('shows a command of 32 characters whole, which kind it is if it is no slash command, and no key presses', () => {
    const name = 'x'.repeat(32);
    const embed = overviewEmbed(
      {
        ...busy,
        commands: [
          row(name),
          row('Who is it', { kind: 'user_menu' }),
          row('stats', { kind: 'autocomplete' }),
        ],
      },
      '',
      en,
    );
    expect(embed.description).toContain(name);
    expect(embed.description).toContain('Who is it (user_menu)');
    expect(embed.description).not.toContain('stats');
  });

  it('lets no name or message break out of its place', () => {
    const hostile = '```\n@everyone `x` <@1>';
    const summary = {
      ...busy,
      commands: [row(hostile)],
      topErrors: [error({ message: hostile })],
      unused: [hostile],
    };
    const embed = overviewEmbed(summary, '', en);
    expect(embed.description!.match(/```/g)).toHaveLength(2);
    for (const { value } of embed.fields!) {
      expect(value.replace(/`[^`]*`/g, '')).not.toMatch(/`|@/);
    }
  });

  it('shows at a glance whether something fails', () => {
    const colour = (failed: number): number | undefined =>
      overviewEmbed({ ...busy, totals: { ...busy.totals, failed, errorRate: failed / 2_000 } }, '', en).color;
    expect(new Set([colour(0), colour(30), colour(2_000)]).size).toBe(3);
  });
});

describe('the pages of the overview', () => {
  const names = Array.from({ length: 21 }, (_, i) => `command${i}`);
  const summary = { ...busy, commands: names.map((name) => row(name)) };

  it('show every command once, ten at a time', () => {
    expect(pagesOf(summary)).toBe(3);
    const shown = [0, 1, 2].map(
      (page) => overviewPage({ summary, changes: null }, page, '', en).description!,
    );
    expect(shown.map((text) => text.match(/command\d+/g)?.length)).toEqual([10, 10, 1]);
    expect(shown.flatMap((text) => text.match(/command\d+/g))).toEqual(names);
    expect(shown[2]).toMatch(/Page 3 of 3$/);
  });

  it('are one without commands, and key presses fill none', () => {
    const pressed = names.map((name) => row(name, { kind: 'autocomplete' }));
    expect([pagesOf(summaryOf()), pagesOf({ ...busy, commands: pressed })]).toEqual([1, 1]);
  });
});

describe('the change against the period before', () => {
  const before = { since: ISO, invocations: 1_000, failed: 35, errorRate: 0.035, p95Ms: 1_300 };
  const shown = (changes: Partial<typeof before>, text = en): string[] => {
    const { fields, footer } = overviewPage(
      { summary: { ...busy, previous: { ...before, ...changes } }, changes: null },
      0,
      'scope',
      text,
    );
    const value = (name: string): string => fields!.find((field) => field.name === name)!.value;
    return [value(text.calls), value(text.failed), value('p95'), footer!.text];
  };

  it('is shown for calls, the error rate and the latency, and explained', () => {
    expect(shown({})).toEqual([
      '2,000 ▲ 100%',
      '30 (1.5%) ▼ 2 points',
      '1,234 ms ▼ 5.1%',
      '▲▼ against the time before · scope',
    ]);
    expect(shown({}, ko)[1]).toBe('30 (1.5%) ▼ 2%p');
  });

  it('divides nothing by zero, and says so when nothing changed', () => {
    expect(shown({ invocations: 0, failed: 0, errorRate: 0 }).slice(0, 2)).toEqual([
      '2,000 ▲ from 0',
      '30 (1.5%)',
    ]);
    expect(shown({ invocations: 2_000, errorRate: 0.015, p95Ms: 1_234 }).slice(0, 3)).toEqual([
      '2,000 ±0%',
      '30 (1.5%) ±0 points',
      '1,234 ms ±0%',
    ]);
  });
});

/** The detail of a command, as the numbers and the failures make it. */
const detail = (
  command: string,
  summary: StatsSummary,
  failures: readonly StoredInvocation[],
  scope: string,
  text: typeof en,
  changes: ReleaseChanges | null = null,
) => detailEmbed(command, { summary, failures, changes }, scope, text);

describe('the detail of a command', () => {
  it('shows the exact figures of the summary, the reasons, and the newest failures with their references', () => {
    const failures = [
      storedFailure(),
      storedFailure({ reason: 'timeout', traceId: `deadbeef${'0'.repeat(24)}` }),
    ];
    const embed = detail('ping', busy, failures, 'All servers, since', en);
    expect(Object.fromEntries(embed.fields!.map(({ name, value }) => [name, value]))).toEqual({
      Calls: '2,000',
      OK: '1,950',
      Refused: '20',
      Failed: '30 (1.5%)',
      p50: '12.35 ms',
      p95: '1,234 ms',
      p99: '2,500 ms',
      'Answered in (p50)': '80 ms',
      'Answered in (p95)': '310.5 ms',
      Users: '1,234',
      'Last used': `<t:${START / 1000}:R>`,
      'Why they failed': '**28×** exception · **2×** timeout',
      'Why they were refused': '**15×** cooldown · **5×** user’s mistake',
      'Newest failures': [
        `exception \`4bf92f35\` <t:${START / 1000}:R>`,
        `timeout \`deadbeef\` <t:${START / 1000}:R>`,
      ].join('\n'),
    });
    expect(embed.title).toBe('/ping: last 24 hours');
  });

  it('says which subcommand failed where several are shown, and nothing of what the error said', () => {
    const embed = detail('ticket', busy, [storedFailure({ command: 'ticket close' })], '', en);
    expect(textOf(embed)).toContain('`ticket close` exception `4bf92f35`');
    expect(textOf(embed)).not.toContain('boom');
  });

  it('says so when the command was not used', () => {
    const embed = detail('ping', summaryOf(), [], '', en);
    expect(embed.description).toContain('`ping` was not used (last 24 hours). Try a longer period');
    expect(embed.fields).toEqual([]);
  });

  it.each(['a', '한'])('arrives with long names, every reason and failures of "%s"', (letter) => {
    const crowd = crowded(letter);
    const counted = Object.fromEntries(Object.keys(en.reasons).map((reason) => [reason, 999_999_999]));
    const summary = { ...crowd, totals: { ...crowd.totals, failures: counted, refusals: counted } };
    const failures = crowd.unused.map((command) => storedFailure({ command }));
    for (const text of [en, ko]) {
      const changes = crowdedChanges(letter);
      expect(beyondLimits(detail('_`'.repeat(500), summary, failures, 'scope', text, changes))).toEqual([]);
      expect(beyondLimits(detail(summary.unused[0]!, summaryOf(), [], 'scope', text, changes))).toEqual([]);
    }
  });
});
