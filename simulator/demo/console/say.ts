import { setTimeout as sleep } from 'node:timers/promises';
import type { SimulatedMessage, SimulatedUser, Simulator } from '../../index';
import { indented } from '../view/entry';
import type { Reader } from '../view/markdown';
import { messageLines } from '../view/message';
import { span, type Line } from '../view/rich';

/** A message that somebody wrote, which the bot may answer or not. */
export interface Said {
  readonly discord: Simulator;
  readonly user: SimulatedUser;
  readonly message: SimulatedMessage;
  /** Resolves when the bot is done with it; never, if it is no command. */
  readonly settled: Promise<void>;
  readonly print: (lines: readonly Line[]) => void;
  readonly columns: number;
  readonly reader: Reader;
}

/** A command may take its time; to what is none, a bot says nothing, or something at once. */
const PATIENCE_MS = 3_000;
/** For how long more may follow. */
const MORE_MS = 1_000;
const SILENT =
  'telltale says nothing to that: after @bot comes the name of a command, such as @bot stats 7d.';

/** Shows what the bot says to a message. Gives its answers. */
export async function followMessage(said: Said): Promise<readonly SimulatedMessage[]> {
  const { discord, user, message, settled, print, columns, reader } = said;
  const answers = (): readonly SimulatedMessage[] =>
    discord
      .channelMessages(message.channelId, user)
      .filter(({ id, author }) => BigInt(id) > BigInt(message.id) && author.id === discord.applicationId);
  const answered = discord
    .until(() => answers().length > 0, { timeoutMs: PATIENCE_MS })
    .catch(() => undefined);
  await answered;
  await Promise.race([settled, sleep(MORE_MS, undefined, { ref: false })]);
  const shown = answers();
  if (shown.length === 0) print([[span(`  ${SILENT}`, 'dim')]]);
  for (const answer of shown) print(indented(messageLines(answer, columns - 2, reader)));
  return shown;
}
