import {
  SlashCommandBuilder,
  type AutocompleteInteraction,
  type ChatInputCommandInteraction,
} from 'discord.js';
import type { CommandContext } from '../src/discord/command';
import { messagesFor, type Messages } from '../src/discord/messages';
import type { Period } from '../src/stats/stats';
import { detailEmbed } from './_stats-detail';
import { overviewEmbed } from './_stats-overview';
import { code } from './_text';

const english = messagesFor('en-US').stats;
const korean = messagesFor('ko').stats;

const isPeriod = (value: string): value is Period => Object.hasOwn(english.periods, value);
const DEFAULT_PERIOD: Period = '24h';
/** What Discord takes. */
const CHOICES = 25;
const CHOICE_LENGTH = 100;

export const data = new SlashCommandBuilder()
  .setName(english.name)
  .setNameLocalizations({ ko: korean.name })
  .setDescription(english.description)
  .setDescriptionLocalizations({ ko: korean.description })
  .addStringOption((option) =>
    option
      .setName(english.periodOption.name)
      .setNameLocalizations({ ko: korean.periodOption.name })
      .setDescription(english.periodOption.description)
      .setDescriptionLocalizations({ ko: korean.periodOption.description })
      .addChoices(...Object.keys(english.periods).filter(isPeriod).map(periodChoice)),
  )
  .addStringOption((option) =>
    option
      .setName(english.commandOption.name)
      .setNameLocalizations({ ko: korean.commandOption.name })
      .setDescription(english.commandOption.description)
      .setDescriptionLocalizations({ ko: korean.commandOption.description })
      .setAutocomplete(true),
  );

/** Shows the statistics of a period: everywhere to an owner or where they are public, else of this server. */
export async function execute(
  interaction: ChatInputCommandInteraction,
  context: CommandContext,
): Promise<void> {
  const text = messagesFor(context.invocation.locale).stats;
  const given = interaction.options.getString(english.periodOption.name);
  const period = given !== null && isPeriod(given) ? given : DEFAULT_PERIOD;
  const command = interaction.options.getString(english.commandOption.name)?.trim();
  const scope = scopeOf(interaction.guildId, context, text);
  if (command && !isKnown(command, context.stats.commandNames())) {
    context.refuse(text.unknownCommand(code(command)));
  }
  const summary = await context.stats.summary({ period, ...scope.filter, ...(command && { command }) });
  const embed = command
    ? detailEmbed(command, summary, scope.label, text)
    : overviewEmbed(summary, scope.label, text);
  await interaction.reply({ embeds: [embed], allowedMentions: { parse: [] } });
}

/** Offers the commands whose names begin with what was typed, then those that contain it. */
export async function autocomplete(
  interaction: AutocompleteInteraction,
  { stats }: CommandContext,
): Promise<void> {
  const typed = interaction.options.getFocused().trim().toLowerCase();
  const names = stats.commandNames().filter((name) => name.length <= CHOICE_LENGTH);
  const starting = names.filter((name) => name.toLowerCase().startsWith(typed));
  const containing = names.filter((name) => name.toLowerCase().includes(typed) && !starting.includes(name));
  await interaction.respond(
    [...starting, ...containing].slice(0, CHOICES).map((name) => ({ name, value: name })),
  );
}

/** The value leads the name, since that is what people learn to type. */
function periodChoice(period: Period): { name: string; value: string; name_localizations: { ko: string } } {
  const label = (text: Messages['stats']): string =>
    period === 'all' ? text.periods[period] : `${period} · ${text.periods[period]}`;
  return { name: label(english), value: period, name_localizations: { ko: label(korean) } };
}

/** Whether a command, or one below it, is known by that name. */
function isKnown(command: string, names: readonly string[]): boolean {
  return names.some((name) => name === command || name.startsWith(`${command} `));
}

function scopeOf(
  guildId: string | null,
  { isOwner, statsPublic, refuse }: CommandContext,
  text: Messages['stats'],
): { readonly label: string; readonly filter: { readonly guildId?: string } } {
  if (isOwner || statsPublic) return { label: text.everywhere, filter: {} };
  return guildId === null ? refuse(text.directMessage) : { label: text.thisServer, filter: { guildId } };
}
