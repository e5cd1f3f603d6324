import type { Period } from '../stats/stats';
import type { FailureReason, RefusalReason } from '../telemetry/event';

/** Every sentence that a user is shown, in every language we speak. Both tables have the same keys by type. */

const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 20 });
/** An exact figure with thousands separators: `2,000`. */
export const formatNumber = (value: number): string => number.format(value);

const percentage = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 2 });
/** A ratio from 0 to 1 as a percentage with at most two decimals: `1.25%`. */
export const formatPercentage = (ratio: number): string => percentage.format(ratio);

/** A length of time in the largest of these units that it is a whole number of. */
function wholeUnits(milliseconds: number): {
  readonly count: number;
  readonly unit: 'minute' | 'hour' | 'day';
} {
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes % (24 * 60) === 0) return { count: minutes / (24 * 60), unit: 'day' };
  if (minutes % 60 === 0) return { count: minutes / 60, unit: 'hour' };
  return { count: minutes, unit: 'minute' };
}

const checkNames = {
  cpu: 'CPU',
  memory: 'Memory',
  disk: 'Disk',
  errorRatio: 'Error ratio',
  shards: 'Gateway',
  store: 'Statistics store',
  sinks: 'Telemetry',
  commandModules: 'Command modules',
};

const en = {
  /** Sentences of the router, for whatever command. */
  common: {
    cooldown: (untilUnixSeconds: number) =>
      `You can use this command again <t:${Math.ceil(untilUnixSeconds)}:R>.`,
    guildOnly: 'This command works in servers only. Try it in a channel of a server.',
    ownerOnly: 'This command is for the owner of the bot only.',
    unknownCommand:
      'I do not know this command any more. Reload Discord (Ctrl+R) and pick it from the list again.',
    failed: (reference: string) =>
      `Something went wrong. Reference: \`${reference}\`. Give it to support, and they can find out what happened.`,
    timedOut: (reference: string) =>
      `This took too long and was stopped. Reference: \`${reference}\`. Try again, or give the reference to support.`,
    shuttingDown: 'The bot is restarting. Try again in a minute.',
  },
  ping: {
    name: 'ping',
    description: 'Shows how fast the bot answers',
    gateway: (latencyMs: number | null) =>
      latencyMs === null
        ? 'Pong! Gateway: not measured yet.'
        : `Pong! Gateway: ${formatNumber(latencyMs)} ms.`,
    delivered: (afterMs: number) => `Your command took ${formatNumber(afterMs)} ms to get here.`,
  },
  health: {
    name: 'health',
    description: 'Shows how the bot is doing',
    title: { ok: 'All is well', warn: 'Something needs a look', fail: 'Something is broken' },
    checkNames,
    failedModules: (count: number) => `Command modules that could not be loaded: ${formatNumber(count)}`,
    version: 'Version',
    uptime: 'Running since',
  },
  stats: {
    name: 'stats',
    description: 'Shows which commands are used, which fail and how fast they are',
    periodOption: { name: 'period', description: 'How far to look back (24 hours without it)' },
    commandOption: { name: 'command', description: 'Only this command, in detail' },
    scopeOption: { name: 'scope', description: 'Of which servers (of all, if you may see them)' },
    scopes: { server: 'this server', everywhere: 'all servers' },
    periods: {
      '1h': 'last hour',
      '24h': 'last 24 hours',
      '7d': 'last 7 days',
      '30d': 'last 30 days',
      all: 'all time',
    } satisfies Record<Period, string>,
    title: (period: string) => `Command statistics: ${period}`,
    detailTitle: (command: string, period: string) => `/${command}: ${period}`,
    calls: 'Calls',
    ok: 'OK',
    refused: 'Refused',
    failed: 'Failed',
    users: 'Users',
    lastUsed: 'Last used',
    columns: { command: 'command', calls: 'calls', errors: 'err %', p95: 'p95 ms' },
    compared: '▲▼ against the time before',
    fromNothing: '▲ from 0',
    points: (points: string) => `${points} points`,
    page: (page: number, pages: number) => `Page ${formatNumber(page)} of ${formatNumber(pages)}`,
    refresh: 'Refresh',
    answered: 'Answered in',
    failures: 'Why they failed',
    refusals: 'Why they were refused',
    topErrors: 'Most frequent errors',
    newestFailures: 'Newest failures',
    reasons: {
      cooldown: 'cooldown',
      permission: 'not permitted',
      guild_only: 'servers only',
      owner_only: 'owner only',
      user_error: 'user’s mistake',
      unknown_command: 'unknown command',
      shutting_down: 'bot restarting',
      exception: 'exception',
      timeout: 'timeout',
      unknown_interaction: 'answered too late',
      already_acknowledged: 'answered twice',
      missing_permissions: 'permissions missing',
      discord_api: 'Discord’s error',
      unanswered: 'no answer',
    } satisfies Record<RefusalReason | FailureReason, string>,
    chart: {
      callsPer: (stepMs: number) => {
        const { count, unit } = wholeUnits(stepMs);
        return `Calls per ${count === 1 ? unit : `${formatNumber(count)} ${unit}s`}`;
      },
      describe: (title: string, period: string) => `Chart. ${title}, ${period}.`,
      empty: 'No calls',
    },
    unused: (count: number) => `Not used: ${formatNumber(count)}`,
    more: (count: number) => `and ${formatNumber(count)} more`,
    everywhere: 'All servers, since',
    thisServer: 'This server, since',
    nothingUsed: {
      '1h': 'No command was used in the last hour. Try `/ping`, or a longer period with `/stats period:24h`.',
      '24h':
        'No command was used in the last 24 hours. Try `/ping`, or a longer period with `/stats period:30d`.',
      '7d': 'No command was used in the last 7 days. Try `/ping`, or a longer period with `/stats period:30d`.',
      '30d':
        'No command was used in the last 30 days. Try `/ping`, or a longer period with `/stats period:all`.',
      all: 'No command has been used yet. Try `/ping`.',
    } satisfies Record<Period, string>,
    commandNotUsed: (command: string, period: string, longest: boolean) =>
      `${command} was not used (${period}).${longest ? ' Use it once, and its numbers appear here.' : ' Try a longer period with `/stats period:all`.'}`,
    unknownCommand: (command: string) =>
      `I have no command ${command}. Pick one from the list that appears while you type, or leave \`command\` out to see all of them.`,
    directMessage: 'The statistics are those of a server: use `/stats` in a channel of one.',
    ownServerOnly:
      'The numbers of all servers are for the owner of the bot only. Leave `scope` out to see those of this server.',
    unavailable: 'The numbers cannot be read right now. Try again in a minute.',
    notYours: 'These buttons belong to whoever asked. Type `/stats` to get your own.',
    expired: 'These buttons work for 15 minutes only. Type `/stats` to ask again.',
  },
  forgetMe: {
    name: 'forget-me',
    description: 'Removes what the statistics hold of you',
    stored: [
      '**What the statistics hold of you**',
      'Of every command you used: which one, when, in which server, how long it took and how it ended, with the error if it failed. Your name, your id and what you typed are not stored: a keyed hash of your id stands in their place, and it goes after a time by itself.',
      '**What happens if you remove it**',
      'These records go for good, in every server. The totals stay: they say how often a command was used, and not by whom. Log files are not touched; they are deleted in turn. What you use from then on is counted anew.',
    ].join('\n'),
    confirm: 'Remove my records',
    cancel: 'Keep them',
    removed: (count: number) =>
      count === 0
        ? 'There was nothing stored of you.'
        : `Removed: ${count === 1 ? 'one record' : `${formatNumber(count)} records`} of yours. The totals stay; nobody can find you in them.`,
    kept: 'Nothing was removed.',
    notYours: 'These buttons belong to whoever asked. Type `/forget-me` to get your own.',
    unavailable: 'Your records cannot be removed right now. Try again in a minute.',
  },
};

export type Messages = typeof en;

const ko: Messages = {
  common: {
    cooldown: (untilUnixSeconds) =>
      `이 명령어는 <t:${Math.ceil(untilUnixSeconds)}:R>에 다시 사용할 수 있습니다.`,
    guildOnly: '이 명령어는 서버에서만 사용할 수 있습니다. 서버의 채널에서 다시 시도해 주세요.',
    ownerOnly: '이 명령어는 봇 소유자만 사용할 수 있습니다.',
    unknownCommand:
      '더 이상 없는 명령어입니다. Discord를 새로 고침(Ctrl+R)한 뒤 목록에서 다시 선택해 주세요.',
    failed: (reference) =>
      `문제가 발생했습니다. 참조 번호: \`${reference}\`. 지원팀에 이 번호를 알려 주시면 원인을 찾을 수 있습니다.`,
    timedOut: (reference) =>
      `시간이 너무 오래 걸려 중단되었습니다. 참조 번호: \`${reference}\`. 다시 시도하거나 지원팀에 이 번호를 알려 주세요.`,
    shuttingDown: '봇을 다시 시작하는 중입니다. 잠시 후 다시 시도해 주세요.',
  },
  ping: {
    name: '핑',
    description: '봇이 얼마나 빨리 응답하는지 보여 줍니다',
    gateway: (latencyMs) =>
      latencyMs === null
        ? '퐁! 게이트웨이: 아직 측정되지 않음.'
        : `퐁! 게이트웨이: ${formatNumber(latencyMs)} ms.`,
    delivered: (afterMs) => `명령이 도착하는 데 ${formatNumber(afterMs)} ms 걸렸습니다.`,
  },
  health: {
    name: '상태',
    description: '봇의 상태를 보여 줍니다',
    title: { ok: '모두 정상입니다', warn: '확인이 필요합니다', fail: '문제가 있습니다' },
    checkNames: {
      cpu: 'CPU',
      memory: '메모리',
      disk: '디스크',
      errorRatio: '오류 비율',
      shards: '게이트웨이',
      store: '통계 저장소',
      sinks: '텔레메트리',
      commandModules: '명령어 모듈',
    },
    failedModules: (count) => `불러오지 못한 명령어 모듈: ${formatNumber(count)}개`,
    version: '버전',
    uptime: '시작',
  },
  stats: {
    name: '통계',
    description: '어떤 명령어가 쓰이고 실패하는지, 얼마나 빠른지 보여 줍니다',
    periodOption: { name: '기간', description: '조회할 기간 (지정하지 않으면 24시간)' },
    commandOption: { name: '명령어', description: '이 명령어만 자세히 보기' },
    scopeOption: { name: '범위', description: '어느 서버의 통계를 볼지 (권한이 있으면 모든 서버)' },
    scopes: { server: '이 서버', everywhere: '모든 서버' },
    periods: {
      '1h': '지난 1시간',
      '24h': '지난 24시간',
      '7d': '지난 7일',
      '30d': '지난 30일',
      all: '전체 기간',
    },
    title: (period) => `명령어 통계: ${period}`,
    detailTitle: (command, period) => `/${command}: ${period}`,
    calls: '호출',
    ok: '성공',
    refused: '거부',
    failed: '실패',
    users: '사용자',
    lastUsed: '마지막 사용',
    columns: { command: '명령어', calls: '호출', errors: '오류 %', p95: 'p95 ms' },
    compared: '▲▼ 이전 기간 대비',
    fromNothing: '▲ 이전 0회',
    points: (points) => `${points}%p`,
    page: (page, pages) => `${formatNumber(page)} / ${formatNumber(pages)} 페이지`,
    refresh: '새로 고침',
    answered: '응답까지',
    failures: '실패 원인',
    refusals: '거부 사유',
    topErrors: '가장 잦은 오류',
    newestFailures: '최근 실패',
    reasons: {
      cooldown: '재사용 대기',
      permission: '권한 없음',
      guild_only: '서버 전용',
      owner_only: '소유자 전용',
      user_error: '사용자 실수',
      unknown_command: '없는 명령어',
      shutting_down: '봇 재시작 중',
      exception: '예외',
      timeout: '시간 초과',
      unknown_interaction: '늦은 응답',
      already_acknowledged: '중복 응답',
      missing_permissions: '봇 권한 부족',
      discord_api: 'Discord 오류',
      unanswered: '응답 없음',
    },
    chart: {
      callsPer: (stepMs) => {
        const { count, unit } = wholeUnits(stepMs);
        return `${formatNumber(count)}${{ minute: '분', hour: '시간', day: '일' }[unit]}당 호출`;
      },
      describe: (title, period) => `차트. ${title}, ${period}.`,
      empty: '호출 없음',
    },
    unused: (count) => `사용되지 않음: ${formatNumber(count)}개`,
    more: (count) => `외 ${formatNumber(count)}개`,
    everywhere: '모든 서버, 집계 시작',
    thisServer: '이 서버, 집계 시작',
    nothingUsed: {
      '1h': '지난 1시간 동안 사용된 명령어가 없습니다. `/핑`을 사용해 보거나 `/통계 기간:24h`로 더 긴 기간을 조회해 보세요.',
      '24h':
        '지난 24시간 동안 사용된 명령어가 없습니다. `/핑`을 사용해 보거나 `/통계 기간:30d`로 더 긴 기간을 조회해 보세요.',
      '7d': '지난 7일 동안 사용된 명령어가 없습니다. `/핑`을 사용해 보거나 `/통계 기간:30d`로 더 긴 기간을 조회해 보세요.',
      '30d':
        '지난 30일 동안 사용된 명령어가 없습니다. `/핑`을 사용해 보거나 `/통계 기간:all`로 더 긴 기간을 조회해 보세요.',
      all: '아직 사용된 명령어가 없습니다. `/핑`을 사용해 보세요.',
    },
    commandNotUsed: (command, period, longest) =>
      `${command} 명령어는 사용되지 않았습니다 (${period}).${longest ? ' 한 번 사용하면 여기에 표시됩니다.' : ' `/통계 기간:all`로 더 긴 기간을 조회해 보세요.'}`,
    unknownCommand: (command) =>
      `${command} 명령어는 없습니다. 입력할 때 나타나는 목록에서 선택하거나, \`명령어\`를 비워 전체를 확인해 보세요.`,
    directMessage: '통계는 서버별로 제공됩니다. 서버의 채널에서 `/통계`를 사용해 주세요.',
    ownServerOnly:
      '모든 서버의 통계는 봇 소유자만 볼 수 있습니다. `범위`를 비워 두면 이 서버의 통계를 볼 수 있습니다.',
    unavailable: '지금은 통계를 읽을 수 없습니다. 잠시 후 다시 시도해 주세요.',
    notYours: '이 버튼은 통계를 요청한 사람만 사용할 수 있습니다. `/통계`로 직접 조회해 주세요.',
    expired: '이 버튼은 15분 동안만 사용할 수 있습니다. `/통계`로 다시 조회해 주세요.',
  },
  forgetMe: {
    name: '내-기록-삭제',
    description: '통계에 남은 내 기록을 삭제합니다',
    stored: [
      '**통계에 저장된 내용**',
      '사용한 명령어마다 명령어 이름, 시각, 서버, 걸린 시간, 결과(실패했다면 오류 포함)가 저장됩니다. 이름, ID, 입력한 내용은 저장되지 않습니다. 대신 ID의 키 해시로 기록되며, 일정 기간이 지나면 자동으로 삭제됩니다.',
      '**삭제하면**',
      '모든 서버에서 이 기록이 완전히 삭제됩니다. 명령어가 몇 번 사용되었는지만 나타내는 합계는 남으며, 누가 사용했는지는 알 수 없습니다. 로그 파일은 그대로 두며, 오래된 것부터 차례로 지워집니다. 이후에 사용하는 명령어는 다시 기록됩니다.',
    ].join('\n'),
    confirm: '내 기록 삭제',
    cancel: '그대로 두기',
    removed: (count) =>
      count === 0
        ? '저장된 기록이 없었습니다.'
        : `기록 ${formatNumber(count)}건을 삭제했습니다. 합계는 남지만, 누가 사용했는지는 알 수 없습니다.`,
    kept: '아무것도 삭제하지 않았습니다.',
    notYours: '이 버튼은 요청한 사람만 사용할 수 있습니다. `/내-기록-삭제`로 직접 요청해 주세요.',
    unavailable: '지금은 기록을 삭제할 수 없습니다. 잠시 후 다시 시도해 주세요.',
  },
};

/** The sentences for a user, by the locale that Discord gives for them: Korean, or else English. */
export function messagesFor(locale: string): Messages {
  return locale === 'ko' ? ko : en;
}
