import { ApplicationCommandOptionType } from 'discord.js';
import * as errors from '../../commands/errors';
import * as forgetMe from '../../commands/forget-me';
import * as health from '../../commands/health';
import * as logLevel from '../../commands/log-level';
import * as logs from '../../commands/logs';
import * as ping from '../../commands/ping';
import * as stats from '../../commands/stats';
import * as trace from '../../commands/trace';
import type { CommandModule } from '../../src/discord/command';
import { messagesFor } from '../../src/discord/messages';

const loadable: readonly CommandModule[] = [errors, forgetMe, health, logLevel, logs, ping, stats, trace];
const modules = [
  errors.data,
  forgetMe.data,
  health.data,
  logLevel.data,
  logs.data,
  ping.data,
  stats.data,
  trace.data,
];

interface Named {
  readonly name_localizations?: { readonly ko?: string | null | undefined } | null | undefined;
}

describe('the commands of the bot', () => {
  it('have the shape that the loader takes', () => {
    for (const module of loadable) {
      expect(module).toMatchObject({ data: { name: expect.any(String) }, execute: expect.any(Function) });
    }
  });

  it('are named in Korean too, with their descriptions, options and choices', () => {
    const korean = modules.map((data) => {
      const { options: own = [], ...command } = data.toJSON();
      const options = own.flatMap((option) => [
        option,
        ...(option.type === ApplicationCommandOptionType.Subcommand ? (option.options ?? []) : []),
      ]);
      const choices: readonly Named[] = options.flatMap((option) =>
        option.type === ApplicationCommandOptionType.String ? (option.choices ?? []) : [],
      );
      for (const part of [command, ...options]) expect(part.description_localizations?.ko).toMatch(/[가-힣]/);
      return [command, ...options, ...choices].map((part: Named) => part.name_localizations?.ko);
    });
    expect(korean).toEqual([
      ['오류', '기간', '지난 1시간', '지난 24시간', '지난 7일', '지난 30일', '전체 기간'],
      ['내-기록-삭제'],
      ['상태'],
      [
        '로그-레벨',
        '보기',
        '설정',
        '레벨',
        '로거',
        '분',
        '위치',
        '초기화',
        'error · 조치 필요',
        'warn · 확인 필요',
        'info · 일어난 일',
        'debug · 자세한 과정',
        '콘솔',
        '파일',
        '콘솔과 파일',
      ],
      [
        '로그',
        '사용자',
        '명령어',
        '수준',
        '참조',
        '시작',
        '요약',
        '개수',
        'error · 오류',
        'warn · 경고',
        'info · 정보',
        'debug · 디버그',
      ],
      ['핑'],
      [
        '통계',
        '기간',
        '명령어',
        '범위',
        '1h · 지난 1시간',
        '24h · 지난 24시간',
        '7d · 지난 7일',
        '30d · 지난 30일',
        '전체 기간',
        '이 서버',
        '모든 서버',
      ],
      ['추적', '참조'],
    ]);
  });
});

describe('the sentences', () => {
  it('give a reference that can be copied, and a time that Discord shows in the local zone', () => {
    for (const { common } of [messagesFor('en-GB'), messagesFor('ko')]) {
      expect(common.failed('4bf92f35')).toContain('`4bf92f35`');
      expect(common.timedOut('4bf92f35')).toContain('`4bf92f35`');
      expect(common.cooldown(1_700_000_000.2)).toContain('<t:1700000001:R>');
    }
  });

  it('are Korean for Koreans, each of them', () => {
    const sentences = (value: unknown): string[] => {
      if (typeof value === 'function') return [String(Reflect.apply(value, undefined, [1, 'x', true]))];
      if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(sentences);
      return [String(value)];
    };
    const same = ['CPU', 'p95 ms', '1%p'];
    const inKorean = sentences(messagesFor('ko')).filter((text) => !same.includes(text));
    expect(inKorean.filter((text) => !/[가-힣]/.test(text) && text !== '/1: x')).toEqual([]);
    expect(sentences(messagesFor('ja')).filter((text) => /[가-힣]/.test(text))).toEqual([]);
  });
});
