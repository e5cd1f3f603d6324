import type { Messages } from './english';
import { formatNumber, wholeUnits } from './formats';

function bounds(least: number | null, most: number | null): string {
  if (least !== null && most !== null) return `${formatNumber(least)}~${formatNumber(most)}`;
  if (least !== null) return `${formatNumber(least)} 이상`;
  return most === null ? '' : `${formatNumber(most)} 이하`;
}

/** The sentences in Korean. */
export const korean: Messages = {
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
    notPermitted: '여기에서는 이 명령어를 사용할 수 없습니다.',
    componentGone: '더 이상 작동하지 않습니다. 명령어를 다시 사용해 주세요.',
    componentNotTaken: '본인의 것이 아니거나 더 이상 작동하지 않습니다. 명령어를 직접 사용해 주세요.',
  },
  text: {
    help: (commands) =>
      `저를 멘션하고 다음 중 하나를 입력해 주세요: ${commands}. \`/\`를 입력하면 모든 명령어를 볼 수 있습니다.`,
    missing: (option, usage) => `\`${option}\` 값이 없습니다. 다음과 같이 입력해 주세요: \`${usage}\``,
    wrong: (option, expected, usage) =>
      `\`${option}\` 값은 ${expected}이어야 합니다. 다음과 같이 입력해 주세요: \`${usage}\``,
    tooMuch: (usage) => `입력한 값이 너무 많습니다. 다음과 같이 입력해 주세요: \`${usage}\``,
    whichOne: (usages) => `다음 중 하나를 입력해 주세요: ${usages}`,
    slashOnly: (command) =>
      `이 기능은 슬래시 명령어로만 사용할 수 있습니다. \`/${command}\`를 입력해 주세요.`,
    sentPrivately: '개인 메시지로 답변을 보냈습니다.',
    messagesClosed:
      '본인만 볼 수 있는 답변인데 개인 메시지를 보낼 수 없습니다. 이 서버의 개인 메시지를 허용하거나 슬래시 명령어를 사용해 주세요.',
    expected: {
      text: (shortest, longest) =>
        `${bounds(shortest, longest)}${shortest === null && longest === null ? '' : '자 길이의 '}텍스트`,
      integer: (least, most) => `${bounds(least, most)} 정수`.trim(),
      number: (least, most) => `${bounds(least, most)} 숫자`.trim(),
      choice: (names) => `${names} 중 하나`,
      boolean: '예 또는 아니요',
      user: '@로 멘션한 사용자',
      channel: '#로 멘션한 이 서버의 채널',
      role: '@로 멘션한 역할',
      mentionable: '@로 멘션한 사용자 또는 역할',
      attachment: '메시지에 첨부된 파일',
    },
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
