import { MessageFlags, SlashCommandBuilder, type ChatInputCommandInteraction } from 'discord.js';
import type { CommandContext } from '../../../src/discord/command';

const MAX_OPEN = 3;

interface Ticket {
  readonly number: number;
  readonly subject: string;
}

/** The open tickets of each user. They live as long as the process: a real bot would ask its database. */
const openTickets = new Map<string, readonly Ticket[]>();

export const data = new SlashCommandBuilder()
  .setName('ticket')
  .setDescription('Opens and closes tickets')
  .addSubcommand((subcommand) =>
    subcommand
      .setName('open')
      .setDescription(`Opens a ticket; you may have ${MAX_OPEN} at a time`)
      .addStringOption((option) =>
        option.setName('subject').setDescription('What it is about').setRequired(true).setMaxLength(80),
      ),
  )
  .addSubcommand((subcommand) =>
    subcommand.setName('close').setDescription('Closes the oldest ticket you have open'),
  );

/** Subcommands are measured each by itself; the tickets are counted beside them by a metric of our own. */
export async function execute(
  interaction: ChatInputCommandInteraction,
  { log, metrics, refuse }: CommandContext,
) {
  const changes = metrics.counter('tickets_total', {
    help: 'Tickets, by what was done with them.',
    labels: { change: ['opened', 'closed'] },
  });
  const open = openTickets.get(interaction.user.id) ?? [];

  if (interaction.options.getSubcommand() === 'open') {
    if (open.length >= MAX_OPEN)
      refuse(`You have ${open.length} open tickets. Close one first: \`/ticket close\`.`);
    const ticket = {
      number: 1 + (open.at(-1)?.number ?? 0),
      subject: interaction.options.getString('subject', true),
    };
    openTickets.set(interaction.user.id, [...open, ticket]);
    changes.increment({ change: 'opened' });
    // Comes with the invocation's trace_id, user and server; the subject is the user's own and stays out of it.
    log.info('A ticket was opened.', { ticket: ticket.number });
    await tell(interaction, `Ticket **#${ticket.number}** is open: ${ticket.subject}`);
  } else {
    const [oldest, ...others] = open;
    if (oldest === undefined) return refuse('You have no open ticket.');
    openTickets.set(interaction.user.id, others);
    changes.increment({ change: 'closed' });
    await tell(interaction, `Ticket **#${oldest.number}** is closed: ${oldest.subject}`);
  }
}

async function tell(interaction: ChatInputCommandInteraction, content: string): Promise<void> {
  await interaction.reply({ content, flags: MessageFlags.Ephemeral, allowedMentions: { parse: [] } });
}
