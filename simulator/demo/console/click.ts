import { setTimeout as sleep } from 'node:timers/promises';
import type { Exchange, SimulatedMessage } from '../../index';
import { indented, noResponseLine, seen } from '../view/entry';
import type { Reader } from '../view/markdown';
import { messageLines } from '../view/message';
import { paintPlain } from '../view/paint';
import { span, type Line } from '../view/rich';

/** A button that was pressed, or something that was chosen from a menu. */
export interface Click {
  readonly exchange: Exchange;
  /** The message that the button or the menu stands below. */
  readonly source: SimulatedMessage;
  /** Resolves when the bot is done with it; never, if it counts no such clicks. */
  readonly settled: Promise<void>;
  readonly print: (lines: readonly Line[]) => void;
  readonly columns: number;
  readonly reader: Reader;
}

/** For how long the bot may take after it has taken note of the click. */
const PATIENCE_MS = 20_000;
/** For how long more may follow an answer, where the bot does not say that it is done. */
const MORE_MS = 3_000;

/**
 * Shows what comes of a click: the message as it is then, and what the bot answers beside it, publicly or for this user
 * alone. Resolves when nothing more is expected.
 */
export async function followClick({ exchange, source, settled, ...view }: Click): Promise<void> {
  const { print, columns, reader } = view;
  const printed = new Map<string, string>();
  const show = (messages: readonly SimulatedMessage[]): void => {
    for (const message of messages) {
      const lines = indented(messageLines(message, columns - 2, reader));
      const text = paintPlain(lines);
      if (printed.get(message.id) !== text) print(lines);
      printed.set(message.id, text);
    }
  };
  const { kind } = await exchange.answer();
  if (kind === 'did_not_respond') {
    print([noResponseLine()]);
    return;
  }
  if (kind === 'thinking') print([[span('  telltale is thinking…', 'dim')]]);
  await Promise.race([settled, somethingToSee(exchange, source)]);
  if (exchange.state.kind === 'modal') {
    print([[span(`  ${seen(exchange.state, reader)}`, 'dim')]]);
    return;
  }
  show(visible(exchange, source));
  await Promise.race([settled, sleep(MORE_MS, undefined, { ref: false })]);
  show(visible(exchange, source));
}

async function somethingToSee(exchange: Exchange, source: SimulatedMessage): Promise<void> {
  await exchange
    .until(({ state, messages }) => messages.length > 0 || source.deleted || state.kind === 'modal', {
      timeoutMs: PATIENCE_MS,
    })
    .catch(() => undefined);
}

/** What came of it; if nothing did, the message as it stands. */
function visible({ messages }: Exchange, source: SimulatedMessage): readonly SimulatedMessage[] {
  return messages.length === 0 || source.deleted ? [source, ...messages] : messages;
}
