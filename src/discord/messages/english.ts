import type { Period } from '../../stats/stats';
import type { FailureReason, RefusalReason } from '../../telemetry/event';
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

export type Messages = typeof english;
