import { detailEmbed } from '../../commands/_stats-detail';
import { overviewEmbed } from '../../commands/_stats-overview';
import { messagesFor } from '../../src/discord/messages';
import type { ReleaseChanges } from '../../src/stats/stats';
import { START } from '../stats/support';
import {
  beyondLimits,
  changesOf,
  crowdedChanges,
  errorChange,
  NOTHING,
  summaryOf,
  textOf,
  worseCommand,
} from './support';

/** What is new or worse since the running version took over, in both messages of /stats. */

const en = messagesFor('en-US').stats;
const ko = messagesFor('ko').stats;
const SINCE = 'Since 1.4.0+abc1234';
const WHEN = `<t:${START / 1000}:R>`;
const used = { totals: { ...NOTHING, invocations: 500, ok: 500 } };

const overview = (changes: ReleaseChanges | null, text = en, summary = summaryOf(used)) =>
  overviewEmbed({ summary, changes }, 0, '', text);
const detail = (changes: ReleaseChanges | null, command = 'ping', summary = summaryOf(used)) =>
  detailEmbed(command, { summary, failures: [], changes }, '', en);
/** The lines of the field, below its name. */
const linesOf = ({ fields = [] }: ReturnType<typeof overview>, name = SINCE): string[] | undefined =>
  fields.find((field) => field.name === name)?.value.split('\n');

it('one sees what a release broke: the new errors, and what fails or takes longer than before', () => {
  const changes = changesOf({
    newErrors: [errorChange({ commands: ['ping', 'ticket close', 'a', 'b'], count: 1_200 })],
    worseErrors: [errorChange({ reason: 'timeout', reference: 'deadbeef', countBefore: 30 })],
    worseCommands: [
      worseCommand(),
      worseCommand({ command: 'menu', kind: 'select', worse: 'p95_ms', before: 200, since: 900 }),
    ],
  });
  expect(linesOf(overview(changes))).toEqual([
    WHEN,
    '🆕 **1,200×** exception · `ping` `ticket close` +2 · `4bf92f35`',
    '▲ `ping` error rate 0.5% → 4.2%',
    '▲ `menu` (select) p95 200 ms → 900 ms',
    '▲ **12×** timeout · `ping` · `deadbeef` · 0.02% → 1.2% of runs',
  ]);
});

it('one command’s own name is not repeated, and those below it are told apart', () => {
  const changes = changesOf({
    newErrors: [errorChange({ commands: ['ticket close'] }), errorChange({ commands: ['ticket'] })],
    worseCommands: [worseCommand({ command: 'ticket' }), worseCommand({ command: 'ticket open' })],
  });
  expect(linesOf(detail(changes, 'ticket'))).toEqual([
    WHEN,
    '🆕 **12×** exception · `ticket close` · `4bf92f35`',
    '🆕 **12×** exception · `4bf92f35`',
    '▲ error rate 0.5% → 4.2%',
    '▲ `ticket open` error rate 0.5% → 4.2%',
  ]);
});

it('a release that broke nothing is told from one that there is nothing to compare with', () => {
  for (const shown of [overview, detail]) {
    expect(linesOf(shown(changesOf()))).toEqual([`${WHEN} · nothing new or worse`]);
    expect(textOf(shown(null))).not.toContain('Since');
  }
});

it('a release that broke something is seen in a period in which nothing was used', () => {
  const changes = changesOf({ newErrors: [errorChange()] });
  expect(linesOf(overview(changes, en, summaryOf()))).toHaveLength(2);
  expect(linesOf(detail(changes, 'ping', summaryOf()))).toHaveLength(2);
});

describe('where there is more than five lines take', () => {
  const many = (length: number) => Array.from({ length }, () => errorChange());

  it('none of the three kinds hides another, and the rest is counted', () => {
    const changes = changesOf({
      newErrors: many(6),
      worseErrors: many(1),
      worseCommands: [worseCommand(), worseCommand()],
    });
    const lines = linesOf(overview(changes))!.slice(1);
    expect(lines.map((line) => line.slice(0, 2).trim())).toEqual(['🆕', '🆕', '▲', '▲', '▲', 'an']);
    expect(lines.at(-1)).toBe('and 4 more');
  });

  it('does not claim to know how many there are where the statistics told ten of them', () => {
    expect(linesOf(overview(changesOf({ newErrors: many(10) })))?.at(-1)).toBe('and 5+ more');
  });

  it.each(['a', '한', '`'])('arrives with thirty of them and the longest names of "%s"', (letter) => {
    for (const text of [en, ko]) {
      const embed = overview(crowdedChanges(letter), text);
      expect(beyondLimits(embed)).toEqual([]);
      expect(embed.fields!.at(-1)!.value.split('\n')).toHaveLength(7);
    }
  });
});

it('lets no name or version break out of its place or mention anybody, and shows nothing of what an error said', () => {
  const embed = overview(crowdedChanges('`@<*'));
  const field = embed.fields!.at(-1)!;
  expect(field.value.replace(/`[^`]*`/g, '')).not.toMatch(/`|@(?!\u200b)|<(?!t:)/);
  expect(field.name).not.toMatch(/`|@(?!\u200b)|(?<!\\)[<*]/);
  expect(JSON.stringify(embed)).not.toContain('**x**');
});

it.each([
  [{ before: 600, since: 40 }, '0.5% → 30%'],
  [{ before: 3_000_000, since: 900_000 }, '0.0001% → 0.0013%'],
])(
  'says in which share of runs an error was before and is since, whatever the traffic: %j',
  (runs, shares) => {
    const changes = changesOf({ runs, worseErrors: [errorChange({ countBefore: 3, count: 12 })] });
    expect(linesOf(overview(changes))?.at(-1)).toMatch(new RegExp(` · ${shares} of runs$`));
    expect(linesOf(overview(changes, ko), '1.4.0+abc1234 이후')?.at(-1)).toMatch(
      new RegExp(` · 실행의 ${shares}$`),
    );
  },
);
