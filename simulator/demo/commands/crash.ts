import { setTimeout as sleep } from 'node:timers/promises';
import { SlashCommandBuilder, type ChatInputCommandInteraction } from 'discord.js';
import type { CommandContext } from '../../../src/discord/command';

/** Seconds; a run that is not done by then has failed. */
export const timeout = 4;
/** Discord gives up after 3 s. */
const TOO_LATE_MS = 3300;
const REJECTS_AFTER_MS = 40;

const KINDS = {
  sync: 'throws at once',
  async: 'rejects after a moment',
  undefined: 'throws, but not an error: undefined',
  late: 'answers after the 3 seconds that Discord gives',
  silent: 'returns without an answer',
  hang: 'never returns, and is stopped after 4 seconds',
} as const;
type CrashKind = keyof typeof KINDS;

const isCrashKind = (text: string): text is CrashKind => Object.hasOwn(KINDS, text);

export const data = new SlashCommandBuilder()
  .setName('crash')
  .setDescription('Fails, in the way you choose: see how each is counted, logged and explained')
  .addStringOption((option) =>
    option
      .setName('kind')
      .setDescription('How to fail')
      .setRequired(true)
      .addChoices(...Object.entries(KINDS).map(([value, name]) => ({ name: `${value}: ${name}`, value }))),
  );

/** Not an async function, so that a throw is one: the bot must survive both. */
export function execute(interaction: ChatInputCommandInteraction, { signal }: CommandContext): unknown {
  const kind = interaction.options.getString('kind', true);
  if (!isCrashKind(kind)) throw new TypeError(`There is no crash of the kind ${kind}.`);
  switch (kind) {
    case 'sync':
      throw new RangeError('Thrown before anything was awaited');
    case 'async':
      return sleep(REJECTS_AFTER_MS, undefined, { signal }).then(() => {
        throw new Error('Rejected after a moment');
      });
    case 'undefined':
      return new Promise((_resolve, reject) => setTimeout(reject, REJECTS_AFTER_MS));
    case 'late':
      return sleep(TOO_LATE_MS, undefined, { signal }).then(() => interaction.reply('Here I am, too late.'));
    case 'silent':
      return undefined;
    case 'hang':
      return new Promise(() => undefined);
  }
}
