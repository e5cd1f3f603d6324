import { InteractionContextType, type RESTPostAPIApplicationCommandsJSONBody } from 'discord.js';
import { Refusal } from '../pipeline/outcome';
import type { Invocation } from '../telemetry/event';
import type { Cooldowns } from './cooldowns';
import type { LoadedCommand } from './loader';
import type { Messages } from './messages';

/** What must be so before a command is run. */
export interface Guards {
  readonly cooldowns: Cooldowns;
  readonly isOwner: (userId: string) => boolean;
}

/** @throws Refusal with what the user is to be told. The cooldown is the last: a refused run begins none. */
export function guard(
  command: LoadedCommand,
  invocation: Invocation,
  messages: Messages,
  guards: Guards,
): void {
  const { cooldown } = command.limits;
  const { common } = messages;
  guardOwner(command, invocation, messages, guards);
  if (invocation.guildId === null && isServerOnly(command.data)) {
    throw new Refusal('guild_only', common.guildOnly);
  }
  if (cooldown === undefined) return;
  const endsAt = guards.cooldowns.begin(invocation.command, invocation.userId, cooldown);
  if (endsAt !== null) throw new Refusal('cooldown', common.cooldown(endsAt / 1000));
}

/**
 * What must be so before a component of a command is used, too: who may not type the command may not press its buttons.
 *
 * @throws Refusal with what the user is to be told.
 */
export function guardOwner(
  { limits }: LoadedCommand,
  { userId }: Invocation,
  { common }: Messages,
  { isOwner }: Guards,
): void {
  if (limits.ownerOnly && !isOwner(userId)) throw new Refusal('owner_only', common.ownerOnly);
}

/** Discord hides such commands outside servers, but a client that has not caught up yet can still send them. */
function isServerOnly(data: RESTPostAPIApplicationCommandsJSONBody): boolean {
  if (Array.isArray(data.contexts) && data.contexts.length > 0) {
    return data.contexts.every((context) => context === InteractionContextType.Guild);
  }
  return Reflect.get(data, 'dm_permission') === false; // What `contexts` replaced, and many commands still say.
}
