import type { Client, Interaction } from 'discord.js';
import { isInteraction } from '../interaction-facts';
import { Refusal } from '../../pipeline/outcome';
import type { RefusalReason } from '../../telemetry/event';
import type { Run } from './run';

/** What is to be done when the client emits an event of this name, with what it emits. */
export type HeardEvents = ReadonlyMap<unknown, (args: readonly unknown[]) => void>;

/** Finds the run of an interaction, or without one that of the code which is running; null if there is none. */
export type FindRun = (interaction: unknown) => Run | null;

/**
 * Sapphire's own events, which its client emits: its listener of `interactionCreate` returns at once, and what a
 * command throws is told there alone.
 */
export function sapphireEvents(client: Client, find: FindRun): HeardEvents {
  const ofPayload = (payload: unknown): Run | null =>
    find(
      typeof payload === 'object' && payload !== null && 'interaction' in payload
        ? payload.interaction
        : null,
    );
  const began = ([payload]: readonly unknown[]): void => ofPayload(payload)?.hold();
  const failed = ([error, payload]: readonly unknown[]): void => ofPayload(payload)?.fail(asRefusal(error));
  const denied = ([error, payload]: readonly unknown[]): void => {
    const run = ofPayload(payload);
    run?.fail(refusalOf(error));
    run?.release();
  };
  const unknown = ([payload]: readonly unknown[]): void =>
    ofPayload(payload)?.fail(new Refusal('unknown_command', 'No command of that name.'));
  const finished = ([interaction]: readonly unknown[]): void => find(interaction)?.release();
  const autocompleteEnded = (payload: unknown): void => ofPayload(payload)?.release();
  return new Map<unknown, (args: readonly unknown[]) => void>([
    ['preChatInputCommandRun', began],
    ['chatInputCommandDenied', denied],
    ['chatInputCommandError', failed],
    ['chatInputCommandFinish', finished],
    ['unknownChatInputCommand', unknown],
    ['commandDoesNotHaveChatInputCommandHandler', unknown],
    ['preContextMenuCommandRun', began],
    ['contextMenuCommandDenied', denied],
    ['contextMenuCommandError', failed],
    ['contextMenuCommandFinish', finished],
    ['unknownContextMenuCommand', unknown],
    ['commandDoesNotHaveContextMenuCommandHandler', unknown],
    [
      'possibleAutocompleteInteraction',
      // Without a function of the command it goes to the interaction handlers, which do not tell their end.
      ([interaction]) => {
        if (completes(client, interaction)) find(interaction)?.hold();
      },
    ],
    ['commandAutocompleteInteractionSuccess', ([payload]) => autocompleteEnded(payload)],
    [
      'commandAutocompleteInteractionError',
      ([error, payload]) => {
        failed([error, payload]);
        autocompleteEnded(payload);
      },
    ],
    ['interactionHandlerError', failed],
    ['interactionHandlerParseError', failed],
    ['listenerError', ([error]) => find(null)?.fail(asRefusal(error))],
  ]);
}

/** The command that a Sapphire bot holds for an interaction; null for any other bot. */
export function sapphireCommand(client: Client, interaction: Interaction): object | null {
  if (!('commandName' in interaction)) return null;
  const commands = sapphireCommands(client);
  const command = commands?.get(interaction.commandId) ?? commands?.get(interaction.commandName) ?? null;
  return typeof command === 'object' ? command : null;
}

/** Whether a Sapphire bot holds a command of this name. */
export function sapphireHas(client: Client, name: string): boolean {
  return sapphireCommands(client)?.has(name) === true;
}

function sapphireCommands(client: Client): ReadonlyMap<unknown, unknown> | null {
  const commands: unknown =
    'stores' in client && client.stores instanceof Map ? client.stores.get('commands') : null;
  return commands instanceof Map ? commands : null;
}

function completes(client: Client, interaction: unknown): boolean {
  const command = isInteraction(interaction) ? sapphireCommand(client, interaction) : null;
  return command !== null && typeof Reflect.get(command, 'autocompleteRun') === 'function';
}

const REASONS: Readonly<Record<string, RefusalReason>> = {
  preconditionCooldown: 'cooldown',
  preconditionGuildOnly: 'guild_only',
  preconditionRunIn: 'guild_only',
  preconditionUserPermissions: 'permission',
  preconditionUserPermissionsNoPermissions: 'permission',
  preconditionClientPermissions: 'permission',
  preconditionClientPermissionsNoPermissions: 'permission',
};

/** Why a precondition said no; those of the bot's own are named as it likes. */
function refusalOf(error: unknown): Refusal {
  const identifier =
    typeof error === 'object' && error !== null && 'identifier' in error ? error.identifier : '';
  const message = error instanceof Error ? error.message : '';
  const reason = typeof identifier === 'string' ? REASONS[identifier] : undefined;
  return new Refusal(reason ?? 'user_error', message);
}

/** A `UserError` is Sapphire's way to say that the user has made a mistake. */
function asRefusal(error: unknown): unknown {
  const isUserError = error instanceof Error && error.name === 'UserError' && 'identifier' in error;
  return isUserError ? refusalOf(error) : error;
}
