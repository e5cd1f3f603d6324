import type { ExchangeState } from '../../index';
import type { Settled } from '../bot/settled';
import type { Entry, Ledger } from '../ledger';
import { placeName, type Stage } from '../stage';
import type { Reader } from './markdown';
import { gist, messageLines } from './message';
import { span, type Line, type Style } from './rich';
import { padWidth } from './width';

const NO_RESPONSE = 'The application did not respond';
const OUTCOME_STYLES = { ok: 'green', refused: 'yellow', failed: 'red' } as const satisfies Record<
  string,
  Style
>;
const NAME_COLUMNS = 6;
const PLACE_COLUMNS = 16;
const LINE_COLUMNS = 22;
const OUTCOME_COLUMNS = 25;

/** One interaction on one line: when, who, where, what, how it ended and what the user saw. */
export function newsLine({ actor, line, exchange, settled }: Entry, reader: Reader): Line {
  const time = new Date(exchange.createdAt).toISOString().slice(11, 19);
  return [
    span(
      `${time} ${padWidth(actor.name, NAME_COLUMNS)} ${padWidth(placeName(actor), PLACE_COLUMNS)} `,
      'dim',
    ),
    span(`${padWidth(line, LINE_COLUMNS)} `),
    ...(settled === null ? [] : [padded(outcomeSpan(settled), OUTCOME_COLUMNS)]),
    span(` ${seen(exchange.state, reader)}`, 'dim'),
  ];
}

/** The counts, and the last interaction. */
export function statusLine({ typed, outcomes }: Ledger, last: Entry | null, stage: Stage): Line {
  const head = [
    span(` ${typed} typed: `, 'dim'),
    span(`${outcomes.ok} ok`, 'green'),
    span(' · ', 'dim'),
    span(`${outcomes.refused} refused`, 'yellow'),
    span(' · ', 'dim'),
    span(`${outcomes.failed} failed`, 'red'),
  ];
  if (last?.settled == null) return head;
  const style = OUTCOME_STYLES[last.settled.outcome];
  return [
    ...head,
    span(` │ ${last.actor.name} ${last.line} `, 'dim'),
    span('→ ', style),
    span(seen(last.exchange.state, stage.reader(last.actor)), 'dim'),
  ];
}

/** How it ended, and all that the user sees of it; that nothing came in time, they have seen before. */
export function answerLines(entry: Entry, columns: number, reader: Reader): readonly Line[] {
  const { exchange, settled } = entry;
  const head = [span('telltale', 'bold'), ...(settled === null ? [] : [span('  '), outcomeSpan(settled)])];
  const messages = exchange.messages.flatMap((message) => messageLines(message, columns - 2, reader));
  const isSilent = messages.length === 0 && exchange.state.kind === 'did_not_respond';
  const body = isSilent || messages.length > 0 ? messages : [[span(seen(exchange.state, reader), 'dim')]];
  const shown = settled?.outcome === 'failed' ? body.map((line) => line.map(reddened)) : body;
  return indented([head, ...shown]);
}

/** So that what others say stands apart from what one types. */
export function indented(lines: readonly Line[]): readonly Line[] {
  return lines.map((line) => [span('  '), ...line]);
}

/** What the user is left with when nothing came in time. */
export function noResponseLine(): Line {
  return [span(`  ${NO_RESPONSE}`, 'red')];
}

export function outcomeSpan({ outcome, reason, durationMs }: Settled): Line[number] {
  const why = reason === null ? '' : ` (${reason})`;
  return span(`${outcome}${why}, ${duration(durationMs)}`, OUTCOME_STYLES[outcome]);
}

/** What a user sees of an interaction, in a line. */
export function seen(state: ExchangeState, reader: Reader): string {
  switch (state.kind) {
    case 'answered': {
      const message = state.messages.findLast(({ deleted }) => !deleted);
      return message === undefined ? '(nothing is left to see)' : gist(message, reader);
    }
    case 'thinking':
      return 'telltale is thinking…';
    case 'choices':
      return `suggestions: ${state.choices.map(({ name }) => name).join(', ') || 'none'}`;
    case 'modal':
      return `(a form: ${state.modal.title}; it cannot be filled in here)`;
    case 'acknowledged':
      return '(no change)';
    case 'waiting':
    case 'did_not_respond':
      return NO_RESPONSE;
  }
}

function padded(one: Line[number], columns: number): Line[number] {
  return { ...one, text: padWidth(one.text, columns) };
}

function reddened(one: Line[number]): Line[number] {
  return one.styles.length === 0 && one.colour === undefined ? { ...one, styles: ['red'] } : one;
}

function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
