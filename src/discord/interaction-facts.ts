import type { Interaction } from 'discord.js';
import type { Invocation, Kind } from '../telemetry/event';
import { createProgress } from '../telemetry/operations';
import type { CommandInteraction, ComponentInteraction } from './command';

/** What is known of an interaction of whichever copy of discord.js. The numbers are Discord's. */

type AnyInteraction = Interaction | CommandInteraction | ComponentInteraction;

const COMMAND = 2;
const COMPONENT = 3;
const AUTOCOMPLETE = 4;
const MODAL = 5;
const USER_MENU = 2;
const MESSAGE_MENU = 3;
const BUTTON = 2;

/** Whether what was emitted is an interaction that can be answered, and no mere likeness that somebody emits by hand. */
export function isInteraction(emitted: unknown): emitted is Interaction {
  return (
    typeof emitted === 'object' &&
    emitted !== null &&
    'id' in emitted &&
    typeof emitted.id === 'string' &&
    'type' in emitted &&
    typeof emitted.type === 'number' &&
    emitted.type >= COMMAND &&
    emitted.type <= MODAL &&
    'createdTimestamp' in emitted &&
    Number.isFinite(emitted.createdTimestamp)
  );
}

/** What was known of it when it came; all but its name, its trace, and what was typed. */
export function factsOf(
  interaction: AnyInteraction,
  receivedAt: number,
): Omit<Invocation, 'command' | 'traceId' | 'parentTraceId' | 'typed'> {
  return {
    kind: kindOf(interaction),
    interactionId: interaction.id,
    guildId: interaction.guildId,
    userId: interaction.user.id,
    channelId: interaction.channelId,
    shard: interaction.guild?.shardId ?? 0,
    locale: interaction.locale,
    createdAt: interaction.createdTimestamp,
    receivedAt,
    operations: [],
    progress: createProgress(),
  };
}

/** What a user did to start it. */
export function kindOf(interaction: AnyInteraction): Kind {
  // Enumerations of another copy of discord-api-types: plain numbers, which TypeScript would not compare with ours.
  const type: number = interaction.type;
  const component: number | null = 'componentType' in interaction ? interaction.componentType : null;
  const command: number | null = 'commandType' in interaction ? interaction.commandType : null;
  if (type === AUTOCOMPLETE) return 'autocomplete';
  if (type === MODAL) return 'modal';
  if (type === COMPONENT) return component === BUTTON ? 'button' : 'select';
  if (command === USER_MENU) return 'user_menu';
  return command === MESSAGE_MENU ? 'message_menu' : 'chat_input';
}

/** The full path of a command, "ticket close"; null for a component or a modal. */
export function pathOf(interaction: AnyInteraction): string | null {
  if (!('commandName' in interaction)) return null;
  if (!('options' in interaction) || !('getSubcommand' in interaction.options))
    return interaction.commandName;
  const { options } = interaction;
  return [interaction.commandName, options.getSubcommandGroup(false), options.getSubcommand(false)]
    .filter((part) => part !== null)
    .join(' ');
}

/** The interaction, or the message with a text command, that a component's message came of; null where there is none. */
export function originOf(interaction: AnyInteraction): string | null {
  if (!('message' in interaction)) return null;
  // Versions before 14.16 know the second alone.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const { interactionMetadata, interaction: before, reference } = interaction.message ?? {};
  return interactionMetadata?.id ?? before?.id ?? reference?.messageId ?? null;
}
