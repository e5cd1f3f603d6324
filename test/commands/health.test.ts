import { MessageFlags } from 'discord.js';
import { healthEmbed } from '../../commands/_health-embed';
import * as health from '../../commands/health';
import { messagesFor } from '../../src/discord/messages';
import type { HealthReport } from '../../src/telemetry/health';
import { START } from '../stats/support';
import { beyondLimits, fakeContext, fakeInteraction, REPORT, textOf } from './support';

const check = (status: HealthReport['status'], detail: string) => ({ status, detail, values: {} });
const report: HealthReport = {
  ...REPORT,
  status: 'warn',
  checks: {
    shards: check('ok', '2 of 2 shards are ready.'),
    disk: check('warn', '4 % of the disk is free.'),
  },
};
const modules = { loaded: 2, failed: [{ file: 'broken.js', reason: 'has no execute' }] };

describe('/health', () => {
  it('tells the user alone what is wrong, each check in a sentence, and which module failed why', async () => {
    const { interaction, replies } = fakeInteraction();
    const { context } = fakeContext({
      health: { report: () => Promise.resolve(report) },
      modules: () => modules,
    });
    await health.execute(interaction, context);
    expect(replies[0]?.flags).toBe(MessageFlags.Ephemeral);
    const embed = replies[0]!.embeds![0]!;
    expect(embed.title).toBe('🟡 Something needs a look');
    expect(embed.description).toBe(
      '🟢 **Gateway** 2 of 2 shards are ready.\n🟡 **Disk** 4 % of the disk is free.',
    );
    expect(textOf(embed)).toContain('could not be loaded: 1: `broken.js` `has no execute`');
    expect(textOf(embed)).toContain('`1.2.3` (`4bf92f3`)');
    expect(textOf(embed)).toContain(`Running since: <t:${(START - 3_600_000) / 1000}:R>`);
  });

  it('names the checks in Korean for Koreans', () => {
    const embed = healthEmbed(report, modules, START, messagesFor('ko'));
    expect(embed.description).toContain('**디스크**');
    expect(textOf(embed)).toContain('불러오지 못한 명령어 모듈: 1개');
  });

  it('arrives whole however much is wrong, and nothing breaks out of its place', () => {
    const wordy = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [
        `check_${i}`,
        check('fail', '@everyone **[x](http://x)** '.repeat(40)),
      ]),
    );
    const failed = Array.from({ length: 90 }, (_, i) => ({
      file: `c${i}.js`,
      reason: '``` 오류 '.repeat(50),
    }));
    const embed = healthEmbed(
      { ...report, checks: wordy },
      { loaded: 0, failed },
      START,
      messagesFor('en-US'),
    );
    expect(beyondLimits(embed)).toEqual([]);
    expect(embed.description).toMatch(/and \d+ more$/);
    expect(textOf(embed)).not.toMatch(/```|@everyone|[^\\]\[x/);
  });
});
