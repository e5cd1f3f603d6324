import { InteractionContextType, PermissionsBitField, type Message } from 'discord.js';
import { Refusal } from '../../pipeline/outcome';
import type { LoadedCommand } from '../loader';
import type { Messages } from '../messages';

/**
 * What Discord sees to before it sends a slash command, and nobody before a message: who may use it, and where. What a
 * server's admins have set for the command in its settings is not known here.
 *
 * @throws Refusal with what the user is to be told.
 */
export function guardText({ data }: LoadedCommand, message: Message, { common }: Messages): void {
  const isAllowed = !('nsfw' in data && data.nsfw === true) || isAgeRestricted(message);
  if (!isAllowed || !isPlace(data, message) || !isPermitted(data, message)) {
    throw new Refusal('permission', common.notPermitted);
  }
}

type Data = LoadedCommand['data'];

/** In direct messages Discord asks for no permissions either. */
function isPermitted({ default_member_permissions: needed }: Data, { member, channelId, guild }: Message) {
  if (needed == null || guild === null) return true;
  const permissions = member?.permissionsIn(channelId) ?? new PermissionsBitField();
  const bits = BigInt(needed);
  // None at all is Discord's way to say: administrators.
  return permissions.has(bits === 0n ? PermissionsBitField.Flags.Administrator : bits);
}

/** A command for servers is refused elsewhere with a sentence of its own, as every command is. */
function isPlace({ contexts }: Data, message: Message): boolean {
  if (!Array.isArray(contexts) || contexts.length === 0) return true;
  const here = message.inGuild() ? InteractionContextType.Guild : InteractionContextType.BotDM;
  return contexts.includes(here) || contexts.every((context) => context === InteractionContextType.Guild);
}

function isAgeRestricted({ channel }: Message): boolean {
  if (channel.isThread()) return channel.parent !== null && 'nsfw' in channel.parent && channel.parent.nsfw;
  return 'nsfw' in channel && channel.nsfw;
}
