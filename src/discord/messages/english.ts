import type { LogLevel } from '../../logging/logger';
import { ENGLISH } from '../../log-reader/summary-text';
import type { Period } from '../../stats/stats';
import type { Culprit, DeadlineResult, FailureReason, RefusalReason } from '../../telemetry/event';
import { formatNumber, wholeUnits } from './formats';

/** Says between which figures something is to be; nothing where there is no bound. */
function bounds(least: number | null, most: number | null): string {
  if (least !== null && most !== null) return ` from ${formatNumber(least)} to ${formatNumber(most)}`;
  if (least !== null) return ` of at least ${formatNumber(least)}`;
  return most === null ? '' : ` of at most ${formatNumber(most)}`;
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

/** The sentences in English. Their keys and parameters are what every other language has, too. */
export const english = {
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
    notPermitted: 'You may not use this command here.',
    componentGone: 'This no longer works. Use the command again to get a new one.',
    componentNotTaken: 'This is not for you, or no longer works. Use the command yourself to get your own.',
  },
  /** Of commands that are called in a message. */
  text: {
    help: (commands: string) =>
      `You can mention me with one of these: ${commands}. Type \`/\` to see all my commands.`,
    missing: (option: string, usage: string) => `\`${option}\` is missing. Write it like this: \`${usage}\``,
    wrong: (option: string, expected: string, usage: string) =>
      `\`${option}\` should be ${expected}. Write it like this: \`${usage}\``,
    tooMuch: (usage: string) => `That is more than this command takes. Write it like this: \`${usage}\``,
    whichOne: (usages: string) => `Say which one: ${usages}`,
    slashOnly: (command: string) => `This part works with the slash command only. Type \`/${command}\`.`,
    sentPrivately: 'I have answered you in a direct message.',
    messagesClosed:
      'The answer is for you alone, and I cannot write to you. Allow direct messages from this server, or use the slash command.',
    expected: {
      text: (shortest: number | null, longest: number | null) =>
        `a text${bounds(shortest, longest)}${shortest === null && longest === null ? '' : ' characters'}`,
      integer: (least: number | null, most: number | null) => `a whole number${bounds(least, most)}`,
      number: (least: number | null, most: number | null) => `a number${bounds(least, most)}`,
      choice: (names: string) => `one of ${names}`,
      boolean: 'yes or no',
      user: 'a user, mentioned with @',
      channel: 'a channel of this server, mentioned with #',
      role: 'a role, mentioned with @',
      mentionable: 'a user or a role, mentioned with @',
      attachment: 'a file that is attached to the message',
    },
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
    /** What is new or worse since the running version took over. */
    changes: {
      since: (release: string) => `Since ${release}`,
      nothing: 'nothing new or worse',
      fresh: (count: string) => `${count} new`,
      worse: (count: string) => `${count} worse`,
      newSince: (count: string, first: string) => `new: ${count}, first ${first}`,
      errorRate: 'error rate',
      share: (before: string, since: string) => `${before} → ${since} of runs`,
      more: (count: string) => `and ${count} more`,
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
  logLevel: {
    name: 'log-level',
    description: 'Shows what is logged, and raises or lowers it for some minutes',
    show: { name: 'show', description: 'Shows the levels, and the changes that run' },
    set: { name: 'set', description: 'Changes a level for some minutes; then it falls back by itself' },
    reset: { name: 'reset', description: 'Ends every change now' },
    levelOption: { name: 'level', description: 'What is logged from now on, and all that is more severe' },
    loggerOption: { name: 'logger', description: 'Only of this logger (of all without it)' },
    minutesOption: { name: 'minutes', description: 'For how long (10 minutes without it)' },
    whereOption: { name: 'where', description: 'Only there (in both without it)' },
    levels: {
      error: 'someone must act',
      warn: 'needs a look',
      info: 'what happens',
      debug: 'how it happens',
    } satisfies Record<LogLevel, string>,
    wheres: { console: 'console', files: 'files', both: 'console and files' },
    settings: 'Settings',
    allLoggers: 'All loggers',
    ends: (atUnixSeconds: number) =>
      `ends <t:${Math.ceil(atUnixSeconds)}:R> (<t:${Math.ceil(atUnixSeconds)}:t>)`,
    by: (who: string) => `by ${who}`,
    unchanged: 'No change runs: the settings hold.',
    ended: (count: number) =>
      `Ended: ${count === 1 ? 'one change' : `${formatNumber(count)} changes`}. The settings hold again.`,
    more: (count: number) => `and ${formatNumber(count)} more`,
    unknownLogger: (logger: string, known: string) =>
      `There is no logger ${logger}. Leave \`logger\` out for all of them, or pick one: ${known}`,
  },
  logs: {
    name: 'logs',
    description: 'Searches the log files',
    userOption: { name: 'user', description: 'Only what was logged for this user' },
    commandOption: { name: 'command', description: 'Only this command, with all that is below it' },
    levelOption: { name: 'level', description: 'At least this severe' },
    levels: { error: 'error', warn: 'warn', info: 'info', debug: 'debug' },
    traceOption: { name: 'trace', description: 'The reference that a user was shown, or a trace id' },
    sinceOption: { name: 'since', description: 'From then on: 90s, 10m, 1h, 2d, 2026-01-31, 18:30 (UTC)' },
    summaryOption: { name: 'summary', description: 'Totals by level, error and command instead of lines' },
    limitOption: {
      name: 'limit',
      description: 'So many of the newest lines (without it 100, or all for a summary)',
    },
    badTrace: (given: string) =>
      `\`trace\` should be a reference, such as \`4bf92f35\`, or a trace id: 4 to 32 hexadecimal digits (0-9, a-f); ${given} is none.`,
    badSince: (given: string) =>
      `\`since\` should be how long ago (\`90s\`, \`10m\`, \`1h\`, \`2d\`, \`1w\`), a date (\`2026-01-31\`, \`2026-01-31T18:30\`) or a time of today (\`18:30\`), in UTC; ${given} is none of these.`,
    nothing: 'No line matches.',
    reach: (files: number, from: number) =>
      files === 1
        ? `There is 1 file, which reaches back to <t:${from}:f>.`
        : `There are ${formatNumber(files)} files, which reach back to <t:${from}:f>.`,
    found: (lines: number, from: number, to: number) =>
      `${lines === 1 ? 'One line' : `${formatNumber(lines)} lines`}, <t:${from}:f> to <t:${to}:f>.`,
    summarised: (lines: number) => `${lines === 1 ? 'One line' : `${formatNumber(lines)} lines`}, in sum:`,
    limited: (limit: number) => `These are the newest ${formatNumber(limit)}; \`limit\` shows more.`,
    summaryCut: 'Older lines are left out: these have 8 MB. Narrow the search down.',
    cut: 'The file was cut at 8 MB: older lines are left out. Narrow the search down to see them.',
    stopped: {
      time: 'Stopped after 10 seconds: older files were not searched. Narrow it down with `since`.',
      bytes: 'Stopped after 1 GiB: older files were not searched. Narrow it down with `since`.',
    },
    broken: (lines: number) => `Broken lines, left out: ${formatNumber(lines)}.`,
    unreadable: (files: number) => `Files that could not be read whole: ${formatNumber(files)}.`,
    summaryWords: ENGLISH,
  },
  trace: {
    name: 'trace',
    description: 'Tells all that is known of one run',
    referenceOption: { name: 'reference', description: 'The reference that a user was shown, or a trace id' },
    badReference: (given: string) =>
      `\`reference\` should be what a user was shown, such as \`4bf92f35\`, or a trace id: 8 to 32 hexadecimal digits (0-9, a-f); ${given} is none.`,
    nothing: (reference: string) => `Nothing is known of ${reference}.`,
    storeSearched: 'The statistics have no run that begins with it.',
    storeAway: 'The statistics cannot be read right now.',
    logAway: 'The log files cannot be read.',
    logEmpty: 'There is no log file.',
    others: (count: number, others: string) =>
      `${formatNumber(count)} runs begin with these digits. This is the newest; others: ${others}`,
    unsettled: 'It has not settled: it runs still, or the process ended first.',
    outcomes: { ok: 'answered', refused: 'refused', failed: 'failed', none: 'not settled' },
    who: 'Who',
    unknownUser: 'not in the log any more',
    where: 'Server',
    noServer: 'none',
    how: 'How',
    shard: (shard: number) => `shard ${shard}`,
    when: 'When',
    created: 'Created',
    received: 'Received',
    answered: 'Answered',
    settled: 'Settled',
    deadline: 'Answer within 3 s',
    deadlines: {
      met: 'yes',
      missed: 'no: it came too late',
      unanswered: 'no: none was tried',
    } satisfies Record<DeadlineResult, string>,
    lateBy: (who: string) => `late: ${who}`,
    culprits: {
      delivery: 'delivery',
      event_loop: 'our event loop',
      handler: 'the command',
      clock_skew: 'clocks that disagree',
      discord: 'Discord',
    } satisfies Record<Culprit, string>,
    error: 'Error',
    calls: 'Calls to Discord',
    noCalls: 'None.',
    callsOfFailures: 'Kept only for runs that failed, were refused or came too late.',
    requests: 'Its own requests',
    noLines: 'The log has no line of it.',
    inFile: (lines: number) => `Its ${formatNumber(lines)} log lines are in the file.`,
    related: 'Related',
    cameFrom: (reference: string) => `A press on what ${reference} put there.`,
    ledTo: (count: number, references: string) =>
      `Presses on what it put there: ${formatNumber(count)} (${references})`,
    links: 'See also',
    traceLink: 'Trace',
    traceNotKept: 'Trace: not kept (`OTEL_TRACES_SAMPLER`)',
    more: (count: number) => `and ${formatNumber(count)} more`,
  },
  errors: {
    name: 'errors',
    description: 'Shows what failed, each error once',
    periodOption: { name: 'period', description: 'How far to look back (24 hours without it)' },
    title: (period: string) => `Errors: ${period}`,
    none: 'Nothing failed.',
    hint: 'Pick one below to see it closely. ▲▼: the earlier half of the period → the later.',
    traceHint: '/trace and a reference tell the whole story',
    all: 'All errors',
    seen: (first: string, last: string) => `first ${first}, last ${last}`,
    count: 'How often',
    firstSeen: 'First in the period',
    lastSeen: 'Last',
    trend: 'Trend',
    newTrend: 'new',
    noTrend: 'none: the statistics do not reach back for the whole period',
    noTrendOfAll: 'none: all time has no halves',
    more: (errors: number, count: number, areNewAmongThem: boolean) =>
      `and ${formatNumber(errors)} more ${errors === 1 ? 'error' : 'errors'} (${formatNumber(count)}×)${areNewAmongThem ? '; new among them:' : ''}`,
    versions: 'Versions',
    commands: 'Commands',
    newest: 'Newest',
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

export type Messages = typeof english;
