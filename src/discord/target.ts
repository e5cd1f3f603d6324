import type { AutocompleteInteraction, Interaction } from 'discord.js';
import { OTHER, type Invocation } from '../telemetry/event';
import type { CommandInteraction, ComponentInteraction } from './command';
import type { CommandTable, FoundComponent } from './commands';
import { factsOf, kindOf, pathOf } from './interaction-facts';
import type { LoadedCommand } from './loader';
import { addTyped, typedIn, typedInParams } from './typed';

/** What an interaction is meant for. */
export type Target =
  | {
      readonly type: 'command';
      readonly interaction: CommandInteraction;
      /** Null where nobody knows the command, or it has no such subcommand. */
      readonly command: LoadedCommand | null;
    }
  | {
      readonly type: 'autocomplete';
      readonly interaction: AutocompleteInteraction;
      readonly command: LoadedCommand | null;
    }
  | ({ readonly type: 'component'; readonly interaction: ComponentInteraction } & FoundComponent)
  /** A component or a modal that no module has a route for: a collector may take it. */
  | { readonly type: 'press'; readonly interaction: ComponentInteraction };
type Named = Exclude<Target, { readonly type: 'press' }>;

/** Null for what no command can be meant with, such as the launch of an Activity. */
export function targetOf(interaction: Interaction, commands: CommandTable): Target | null {
  if (interaction.isAutocomplete()) {
    return { type: 'autocomplete', interaction, command: commandOf(interaction, commands) };
  }
  if (interaction.isChatInputCommand() || interaction.isContextMenuCommand()) {
    return { type: 'command', interaction, command: commandOf(interaction, commands) };
  }
  if (interaction.isMessageComponent() || interaction.isModalSubmit()) {
    const found = commands.findComponent(interaction.customId);
    return found === null ? { type: 'press', interaction } : { type: 'component', interaction, ...found };
  }
  return null;
}

type Receipt = Pick<Invocation, 'receivedAt' | 'traceId' | 'parentTraceId'>;

/** What is known of it when it arrives. */
export function invocationOf(target: Named, receipt: Receipt): Invocation {
  const typed = typedIn(target.interaction, target.command?.data);
  if (target.type === 'component') addTyped(typed, typedInParams(target.params));
  return describe(target.interaction, { command: nameOf(target), typed, ...receipt });
}

/** The same of a component or a modal, whose name is known from elsewhere. */
export function componentInvocation(
  interaction: ComponentInteraction,
  known: Receipt & Pick<Invocation, 'command' | 'typed'>,
): Invocation {
  return describe(interaction, known);
}

function describe(
  interaction: Target['interaction'],
  known: Receipt & Pick<Invocation, 'command' | 'typed'>,
): Invocation {
  // A command is handed it too, and must not be able to change what is counted.
  const { receivedAt, command, traceId, parentTraceId, typed } = known;
  return Object.freeze({ command, traceId, parentTraceId, typed, ...factsOf(interaction, receivedAt) });
}

function nameOf(target: Named): string {
  if (target.type === 'component') return target.route.name;
  return target.command === null ? OTHER : (pathOf(target.interaction) ?? OTHER);
}

function commandOf(
  interaction: CommandInteraction | AutocompleteInteraction,
  commands: CommandTable,
): LoadedCommand | null {
  const kind = kindOf(interaction);
  const command = commands.find(
    kind === 'user_menu' || kind === 'message_menu' ? kind : 'chat_input',
    interaction.commandName,
  );
  const path = pathOf(interaction);
  return path !== null && command?.paths.includes(path) === true ? command : null;
}
