import {
  ActionRowBuilder,
  MessageFlags,
  SlashCommandBuilder,
  StringSelectMenuBuilder,
  type APIEmbed,
  type ChatInputCommandInteraction,
  type MessageComponentInteraction,
} from 'discord.js';
import type { CommandContext, CommandModule } from '../src/discord/command';
import { messagesFor, type Messages } from '../src/discord/messages';
import { PERIODS, StoreUnavailableError, type Period } from '../src/stats/stats';
import { shownErrors, type ShownError, type ShownErrors } from './_error-groups';
import { errorEmbed, errorsEmbed, saidBy } from './_errors-embed';
import { takesLong } from './_in-time';
import { choice, localised } from './_localised';
import { releaseChanges } from './_release-changes';
import { clip, plain } from './_text';

const english = messagesFor('en-US');
const korean = messagesFor('ko');

const DEFAULT_PERIOD: Period = '24h';
/** As many single failures as the statistics give at once. */
const FAILURES = 500;
/** Of the 25 options that Discord takes, one is all of them. */
const MOST_CHOICES = 24;
/** What the menu says for all of them; a fingerprint has digits alone. */
const ALL = 'all';
const LABEL_LENGTH = 100;

export const data = localised(new SlashCommandBuilder(), english.errors, korean.errors).addStringOption(
  (option) =>
    localised(option, english.errors.periodOption, korean.errors.periodOption).addChoices(
      ...PERIODS.map((period) => choice(period, english.stats.periods[period], korean.stats.periods[period])),
    ),
);

export const ownerOnly = true;

export const components: NonNullable<CommandModule['components']> = { 'errors:show:{period}': show };

/** Shows the failures of a period to the owner alone: each bug once. */
export async function execute(
  interaction: ChatInputCommandInteraction,
  context: CommandContext,
): Promise<void> {
  const period = periodOf(interaction.options.getString(english.errors.periodOption.name));
  const answer = errorsMessage(period, ALL, context);
  const flags = MessageFlags.Ephemeral;
  if (await takesLong(answer, context.invocation)) {
    await interaction.deferReply({ flags });
    await interaction.editReply(await answer);
  } else {
    await interaction.reply({ ...(await answer), flags });
  }
}

/** Shows the one that is chosen in the menu, or all again. */
async function show(interaction: MessageComponentInteraction, context: CommandContext): Promise<void> {
  const chosen = interaction.isStringSelectMenu() ? (interaction.values[0] ?? ALL) : ALL;
  const answer = errorsMessage(periodOf(context.params.period ?? null), chosen, context);
  if (await takesLong(answer, context.invocation)) {
    await interaction.deferUpdate();
    await interaction.editReply(await answer);
  } else {
    await interaction.update(await answer);
  }
}

const periodOf = (text: string | null): Period => PERIODS.find((one) => one === text) ?? DEFAULT_PERIOD;

async function errorsMessage(period: Period, chosen: string, context: CommandContext) {
  const messages = messagesFor(context.invocation.locale);
  const [answer, failures, changes] = await Promise.all([
    context.stats.errors({ period }),
    context.stats.invocations({ outcome: 'failed', limit: FAILURES }),
    releaseChanges({}, context),
  ]).catch((error: unknown) => {
    if (error instanceof StoreUnavailableError) return context.refuse(messages.stats.unavailable);
    throw error;
  });
  const errors = shownErrors(answer, failures, changes);
  const choices = choicesOf(errors);
  const error = choices.find(({ fingerprint }) => fingerprint === chosen);
  const embeds: APIEmbed[] = [
    error === undefined
      ? errorsEmbed({ errors, changes }, period, messages)
      : errorEmbed({ error, changes }, period, messages),
  ];
  return {
    embeds,
    components:
      errors.listed.length === 0 ? [] : [menu(choices, period, error?.fingerprint ?? ALL, messages)],
    allowedMentions: { parse: [] },
  };
}

/** Those without a fingerprint are no one error to be shown. The new ones take the places of the rarest others. */
function choicesOf({ listed, rareNew }: ShownErrors): readonly ShownError[] {
  const ones = listed.filter(({ fingerprint }) => fingerprint !== '');
  return [...ones.slice(0, MOST_CHOICES - rareNew.length), ...rareNew];
}

function menu(
  choices: readonly ShownError[],
  period: Period,
  chosen: string,
  { errors: text, stats }: Messages,
) {
  const ones = choices.map((error) => ({
    value: error.fingerprint,
    label: clip(plain(saidBy(error, stats)), LABEL_LENGTH),
  }));
  const options = [{ value: ALL, label: text.all }, ...ones];
  const select = new StringSelectMenuBuilder()
    .setCustomId(`errors:show:${period}`)
    .addOptions(options.map((option) => ({ ...option, default: option.value === chosen })));
  return new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(select).toJSON();
}
