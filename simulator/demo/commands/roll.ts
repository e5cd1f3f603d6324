import {
  ButtonStyle,
  ComponentType,
  SlashCommandBuilder,
  type AutocompleteInteraction,
  type ChatInputCommandInteraction,
} from 'discord.js';
import type { CommandContext } from '../../../src/discord/command';

const SUGGESTIONS = ['1d6', '2d6', '3d6', '1d20', '2d20', '4d10', '1d100'];
const BUTTON_LIFE_MS = 120_000;
const ROLL_AGAIN = {
  type: ComponentType.ActionRow as const,
  components: [
    {
      type: ComponentType.Button as const,
      style: ButtonStyle.Secondary as const,
      label: 'Roll again',
      custom_id: 'roll-again',
    },
  ],
};

export const data = new SlashCommandBuilder()
  .setName('roll')
  .setDescription('Rolls dice')
  .addStringOption((option) =>
    option.setName('dice').setDescription('How many and of how many sides: 2d6').setAutocomplete(true),
  );

/** Answers at once, with a button that rolls the same dice again for two minutes. */
export async function execute(interaction: ChatInputCommandInteraction, { refuse, log }: CommandContext) {
  const dice = interaction.options.getString('dice') ?? '1d6';
  const match = /^([1-9]|10)d([1-9]\d{0,2})$/.exec(dice);
  if (match === null) return refuse('I roll 1 to 10 dice of up to 999 sides. Write them like this: `2d6`.');
  const roll = (): string => throwDice(dice, Number(match[1]), Number(match[2]));

  const { resource } = await interaction.reply({
    content: roll(),
    components: [ROLL_AGAIN],
    withResponse: true,
  });
  resource?.message
    ?.createMessageComponentCollector({ componentType: ComponentType.Button, time: BUTTON_LIFE_MS })
    .on('collect', (press) => {
      press.update(roll()).catch((error: unknown) => log.warn('The dice were not rolled again.', { error }));
    });
}

export async function autocomplete(interaction: AutocompleteInteraction): Promise<void> {
  const typed = interaction.options.getFocused();
  const fitting = SUGGESTIONS.filter((dice) => dice.startsWith(typed));
  await interaction.respond(fitting.map((dice) => ({ name: dice, value: dice })));
}

function throwDice(dice: string, count: number, sides: number): string {
  const points = Array.from({ length: count }, () => 1 + Math.floor(Math.random() * sides));
  const total = points.reduce((sum, point) => sum + point, 0);
  return count === 1 ? `🎲 ${dice}: **${total}**` : `🎲 ${dice}: ${points.join(' + ')} = **${total}**`;
}
