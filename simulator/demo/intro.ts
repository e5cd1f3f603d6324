import path from 'node:path';
import { CROWD, GUILDS, HOST } from './crowd/cast';
import { indented } from './view/entry';
import { span, wrapLine, type Line } from './view/rich';

export interface IntroFacts {
  readonly url: string;
  readonly logDirectory: string;
  /** Where the statistics stay; null: nowhere. */
  readonly database: { readonly name: string } | null;
  /** What the bot says of where traces and errors go; none: nowhere. */
  readonly destinations: readonly string[];
  /** Which command modules could not be loaded, and why; null: none. */
  readonly missing: string | null;
  /** The bot's process. */
  readonly pid: number | undefined;
  /** Commands a second; 0: nobody else is there. */
  readonly rate: number;
  /** Why the port is not the usual one; null if it is. */
  readonly portNote: string | null;
  /** Whether one sees a prompt. */
  readonly interactive: boolean;
  readonly columns: number;
}

/** What one needs to know at the start: where to look, and what to type. */
export function introLines({
  url,
  logDirectory,
  database,
  destinations,
  missing,
  pid,
  rate,
  portNote,
  interactive,
  columns,
}: IntroFacts): readonly Line[] {
  const entry = (name: string, value: string): Line => [
    span(`  ${name.padEnd(10)}`, 'dim'),
    span(value, 'cyan'),
  ];
  const places = GUILDS.map(({ name }) => name).join(', ');
  return [
    [span(headline(destinations), 'bold')],
    [],
    entry('Metrics', `${url}/metrics`),
    entry('Health', `${url}/healthz`),
    entry('Numbers', `${url}/api/stats?period=24h`),
    entry('Log', `tail -F ${path.join(logDirectory, 'bot.log')}`),
    entry('Search', `npm run logs -- --directory ${logDirectory} --level error`),
    ...(database === null ? [] : [entry('Database', database.name)]),
    entry('Bot', `process ${pid ?? 'unknown'}`),
    ...(portNote === null ? [] : [[span(`  ${portNote}`, 'yellow')]]),
    ...destinations.flatMap((text) => indented(wrapLine([span(text, 'yellow')], columns - 2))),
    ...(missing === null ? [] : indented(wrapLine([span(missing, 'yellow')], columns - 2))),
    [],
    [
      span(
        rate === 0
          ? `  Nobody else is in ${places}.`
          : `  ${CROWD.length} pretend users in ${places} type about ${rate} commands a second.`,
      ),
    ],
    ...(interactive ? typingLines() : [[span('  Ctrl-C stops everything.')]]),
    [],
  ];
}

function headline(destinations: readonly string[]): string {
  const isAlone = !destinations.some((text) => text.includes(' go to '));
  return `Telltale, with a Discord of its own${isAlone ? ': nothing leaves this machine.' : '.'}`;
}

function typingLines(): readonly Line[] {
  const example = (text: string): Line[number] => span(text, 'cyan');
  return [
    [
      span(
        `  You are ${HOST.name}, the owner of the bot. Type a command; TAB completes, help tells more, Ctrl-C stops all.`,
      ),
    ],
    [
      ...[
        '/stats period:24h',
        '/roll dice:2d6',
        '/crash kind:async',
        'as jun',
        'in lobby',
        'fault latency 2s',
      ].flatMap((text) => [span('  '), example(text)]),
    ],
  ];
}
