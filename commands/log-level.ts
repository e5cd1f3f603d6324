import {
  MessageFlags,
  SlashCommandBuilder,
  type AutocompleteInteraction,
  type ChatInputCommandInteraction,
} from 'discord.js';
import type { CommandContext } from '../src/discord/command';
import { messagesFor } from '../src/discord/messages';
import { CHANGE_MINUTES } from '../src/logging/level-changes';
import { LOG_LEVELS } from '../src/logging/logger';
import { offerNames } from './_name-choices';
import { levelsText } from './_log-level-text';
import { choice, localised } from './_localised';
import { clip, code } from './_text';

const english = messagesFor('en-US').logLevel;
const korean = messagesFor('ko').logLevel;

const WHERES = { console: ['console'], files: ['file'], both: ['console', 'file'] } as const;
type Where = keyof typeof WHERES;
/** Of the names of loggers in a sentence. */
const NAMES_LENGTH = 1500;

export const data = localised(new SlashCommandBuilder(), english, korean)
  .addSubcommand((show) => localised(show, english.show, korean.show))
  .addSubcommand((set) =>
    localised(set, english.set, korean.set)
      .addStringOption((option) =>
        localised(option, english.levelOption, korean.levelOption)
          .addChoices(
            ...LOG_LEVELS.map((level) =>
              choice(level, `${level} · ${english.levels[level]}`, `${level} · ${korean.levels[level]}`),
            ),
          )
          .setRequired(true),
      )
      .addStringOption((option) =>
        localised(option, english.loggerOption, korean.loggerOption).setAutocomplete(true),
      )
      .addIntegerOption((option) =>
        localised(option, english.minutesOption, korean.minutesOption)
          .setMinValue(CHANGE_MINUTES.least)
          .setMaxValue(CHANGE_MINUTES.most),
      )
      .addStringOption((option) =>
        localised(option, english.whereOption, korean.whereOption).addChoices(
          choice('console', english.wheres.console, korean.wheres.console),
          choice('files', english.wheres.files, korean.wheres.files),
          choice('both', english.wheres.both, korean.wheres.both),
        ),
      ),
  )
  .addSubcommand((reset) => localised(reset, english.reset, korean.reset));

export const ownerOnly = true;

/** Changes the levels of the log for some minutes, or ends such changes, and shows what holds now. */
export async function execute(
  interaction: ChatInputCommandInteraction,
  context: CommandContext,
): Promise<void> {
  const { invocation, logLevels } = context;
  const text = messagesFor(invocation.locale).logLevel;
  const subcommand = interaction.options.getSubcommand();
  if (subcommand === english.set.name) set(interaction, context);
  const ended = subcommand === english.reset.name ? logLevels.reset(interaction.user.id).length : 0;
  await interaction.reply({
    content: ended > 0 ? `${text.ended(ended)}\n${levelsText(logLevels, text)}` : levelsText(logLevels, text),
    flags: MessageFlags.Ephemeral,
    allowedMentions: { parse: [] },
  });
}

/** Offers the loggers that match what was typed, to owners alone. */
export async function autocomplete(
  interaction: AutocompleteInteraction,
  { isOwner, logLevels }: CommandContext,
): Promise<void> {
  await offerNames(interaction, isOwner ? logLevels.loggers() : []);
}

function set(
  interaction: ChatInputCommandInteraction,
  { invocation, logLevels, refuse }: CommandContext,
): void {
  const { options, user } = interaction;
  const asked = options.getString(english.levelOption.name, true);
  const level = LOG_LEVELS.find((one) => one === asked);
  if (level === undefined) return; // Discord offers no other.
  const where = options.getString(english.whereOption.name) ?? 'both';
  const logger = options.getString(english.loggerOption.name)?.trim() ?? '';
  const change = logLevels.change({
    level,
    logger: logger === '' ? null : logger,
    destinations: WHERES[isWhere(where) ? where : 'both'],
    minutes: options.getInteger(english.minutesOption.name) ?? CHANGE_MINUTES.usual,
    by: user.id,
  });
  if (change !== null) return;
  const text = messagesFor(invocation.locale).logLevel;
  const known = logLevels.loggers().map((name) => code(name));
  refuse(text.unknownLogger(code(logger), clip(known.join(', '), NAMES_LENGTH)));
}

function isWhere(where: string): where is Where {
  return Object.hasOwn(WHERES, where);
}
