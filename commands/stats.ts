import {
  SlashCommandBuilder,
  type AutocompleteInteraction,
  type ChatInputCommandInteraction,
  type MessageComponentInteraction,
} from 'discord.js';
import type { CommandContext, CommandModule } from '../src/discord/command';
import { messagesFor, type Messages } from '../src/discord/messages';
import { PERIODS, type Period } from '../src/stats/stats';
import { offerNames } from './_name-choices';
import { takesLong } from './_in-time';
import { choice, localised } from './_localised';
import { statsMessage } from './_stats-message';
import { commandKey, decodeState, isPeriod, type StatsState } from './_stats-state';
import { code } from './_text';

const english = messagesFor('en-US').stats;
const korean = messagesFor('ko').stats;

const DEFAULT_PERIOD: Period = '24h';
/** For so long after the question the controls work; milliseconds. */
const CONTROLS_LAST_MS = 15 * 60_000;

export const data = localised(new SlashCommandBuilder(), english, korean)
  .addStringOption((option) =>
    localised(option, english.periodOption, korean.periodOption).addChoices(...PERIODS.map(periodChoice)),
  )
  .addStringOption((option) =>
    localised(option, english.commandOption, korean.commandOption).setAutocomplete(true),
  )
  .addStringOption((option) =>
    localised(option, english.scopeOption, korean.scopeOption).addChoices(
      choice('server', english.scopes.server, korean.scopes.server),
      choice('everywhere', english.scopes.everywhere, korean.scopes.everywhere),
    ),
  );

export const components: NonNullable<CommandModule['components']> = { 'stats:show:{control}:{state}': show };

/** Also as "@bot" in a message. */
export const text = true;

/** Shows the statistics of a period: everywhere to an owner or where they are public, else of this server. */
export async function execute(
  interaction: ChatInputCommandInteraction,
  context: CommandContext,
): Promise<void> {
  const text = messagesFor(context.invocation.locale).stats;
  const option = (name: string): string | null => interaction.options.getString(name);
  const period = option(english.periodOption.name) ?? DEFAULT_PERIOD;
  const typed = option(english.commandOption.name)?.trim() ?? '';
  const command = typed === '' ? null : typed;
  const scope = option(english.scopeOption.name) ?? (maySeeEverything(context) ? 'everywhere' : 'server');
  if (command !== null && !knownPaths(context).has(command)) {
    context.refuse(text.unknownCommand(code(command)));
  }
  const state: StatsState = {
    userId: interaction.user.id,
    askedAt: interaction.createdTimestamp,
    period: isPeriod(period) ? period : DEFAULT_PERIOD,
    scope: scope === 'everywhere' ? 'everywhere' : 'server',
    page: 0,
    command: command === null ? null : commandKey(command),
  };
  const guildId = guildOf(state.scope, interaction.guildId, context);
  const answer = statsMessage({ state, command, guildId }, context);
  if (await takesLong(answer, context.invocation)) {
    await interaction.deferReply();
    await interaction.editReply(await answer);
  } else {
    await interaction.reply(await answer);
  }
}

/** Shows what the menu or the button asks for, in the place of what the message showed before. */
async function show(interaction: MessageComponentInteraction, context: CommandContext): Promise<void> {
  const text = messagesFor(context.invocation.locale).stats;
  const given = decodeState(context.params.state ?? '') ?? context.refuse(text.expired);
  if (given.userId !== interaction.user.id) context.refuse(text.notYours);
  const age = interaction.createdTimestamp - given.askedAt;
  if (age < 0 || age > CONTROLS_LAST_MS) {
    await interaction.update({ components: [] });
    context.refuse(text.expired);
  }
  const chosen = interaction.isStringSelectMenu() ? (interaction.values[0] ?? '') : given.period;
  const state = { ...given, period: isPeriod(chosen) ? chosen : given.period };
  const command = state.command === null ? null : pathOf(state.command, context);
  if (command === undefined) return context.refuse(text.expired);
  const guildId = guildOf(state.scope, interaction.guildId, context);
  const answer = statsMessage({ state, command, guildId }, context);
  const attachments: [] = []; // The picture before goes.
  if (await takesLong(answer, context.invocation)) {
    await interaction.deferUpdate();
    await interaction.editReply({ ...(await answer), attachments });
  } else {
    await interaction.update({ ...(await answer), attachments });
  }
}

export function autocomplete(interaction: AutocompleteInteraction, { stats }: CommandContext): Promise<void> {
  return offerNames(interaction, stats.commandNames());
}

/** The value leads the name, since that is what people learn to type. */
function periodChoice(period: Period): ReturnType<typeof choice<Period>> {
  const label = (text: Messages['stats']): string =>
    period === 'all' ? text.periods[period] : `${period} · ${text.periods[period]}`;
  return choice(period, label(english), label(korean));
}

/** Every full path, and the first words of each: `ticket` stands for all that is below it. */
function knownPaths({ stats }: CommandContext): ReadonlySet<string> {
  const words = stats.commandNames().map((name) => name.split(' '));
  return new Set(words.flatMap((path) => path.map((_, index) => path.slice(0, index + 1).join(' '))));
}

function pathOf(key: string, context: CommandContext): string | undefined {
  return [...knownPaths(context)].find((path) => commandKey(path) === key);
}

function maySeeEverything({ isOwner, statsPublic }: CommandContext): boolean {
  return isOwner || statsPublic;
}

/** The server whose numbers are shown; null: everywhere. Refuses what this user may not see, or what there is not. */
function guildOf(scope: StatsState['scope'], guildId: string | null, context: CommandContext): string | null {
  const text = messagesFor(context.invocation.locale).stats;
  if (scope === 'everywhere') return maySeeEverything(context) ? null : context.refuse(text.ownServerOnly);
  return guildId ?? context.refuse(text.directMessage);
}
