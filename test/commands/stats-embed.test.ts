import { detailEmbed } from '../../commands/_stats-detail';
import { overviewEmbed } from '../../commands/_stats-overview';
import { displayWidth } from '../../commands/_text';
import { messagesFor } from '../../src/discord/messages';
import type { CommandStats, ErrorStats, StatsSummary } from '../../src/stats/stats';
import { START } from '../stats/support';
import { beyondLimits, NOTHING, summaryOf, textOf } from './support';

const en = messagesFor('en-US').stats;
const ko = messagesFor('ko').stats;
const ISO = new Date(START).toISOString();
const counts = {
  ...NOTHING,
  invocations: 2_000,
  ok: 1_950,
  refused: 20,
  failed: 30,
  errorRate: 0.015,
  users: 1_234,
};
const latencies = { p50Ms: 12.35, p95Ms: 1_234, p99Ms: 2_500 };
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
  message: 'boom',
  count: 30,
  lastSeen: ISO,
  reference: '4bf92f35',
  ...changes,
});
const busy = summaryOf({
  totals: { ...counts, ...latencies },
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
        const embed = overviewEmbed(crowded(letter), 'scope', text);
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
      overviewEmbed({ ...busy, totals: { ...counts, failed, errorRate: failed / 2_000 } }, '', en).color;
    expect(new Set([colour(0), colour(30), colour(2_000)]).size).toBe(3);
  });
});

describe('the detail of a command', () => {
  it('shows the exact figures of the summary, and the newest errors first', () => {
    const older = error({ message: 'older', count: 99, lastSeen: new Date(START - 60_000).toISOString() });
    const embed = detailEmbed('ping', { ...busy, topErrors: [older, error()] }, 'All servers, since', en);
    const fields = Object.fromEntries(embed.fields!.map(({ name, value }) => [name, value]));
    expect(fields).toMatchObject({
      Calls: '2,000',
      OK: '1,950',
      Refused: '20',
      Failed: '30 (1.5%)',
      p50: '12.35 ms',
      p95: '1,234 ms',
      p99: '2,500 ms',
      Users: '1,234',
      'Last used': `<t:${START / 1000}:R>`,
    });
    expect(fields['Newest errors']?.split('\n')[0]).toContain('exception `4bf92f35`');
    expect(embed.title).toBe('/ping: last 24 hours');
  });

  it('says so when the command was not used', () => {
    const embed = detailEmbed('ping', summaryOf(), '', en);
    expect(embed.description).toContain('`ping` was not used (last 24 hours). Try a longer period');
    expect(embed.fields).toEqual([]);
  });

  it.each(['a', '한'])('arrives with long names and errors of "%s"', (letter) => {
    const summary = crowded(letter);
    for (const text of [en, ko]) {
      expect(beyondLimits(detailEmbed('_`'.repeat(500), summary, 'scope', text))).toEqual([]);
      expect(beyondLimits(detailEmbed(summary.unused[0]!, summaryOf(), 'scope', text))).toEqual([]);
    }
  });
});
