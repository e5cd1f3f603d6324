import {
  ApplicationCommandType,
  ChatInputCommandInteraction,
  CommandInteractionOptionResolver,
  InteractionContextType,
  InteractionType,
  PermissionsBitField,
  type CommandInteractionOption,
  type Message,
} from 'discord.js';
import { messagesFor } from '../messages';
import { messageAnswers } from './answers';

/**
 * A message as the interaction that a command expects. It is one of discord.js's own, so that whatever a command asks
 * it for (`inGuild()`, `memberPermissions`, `options.getUser('who')`, `instanceof`) answers as ever; only how it is
 * answered is different, as there is nothing at Discord to answer to.
 */
export function interactionOf(
  message: Message,
  commandName: string,
  options: readonly CommandInteractionOption[],
): ChatInputCommandInteraction {
  const { client, author, member, guild } = message;
  const interaction: unknown = Reflect.construct(ChatInputCommandInteraction, [
    client,
    rawOf(message, commandName),
  ]);
  if (!isInteraction(interaction)) throw new TypeError('discord.js made no interaction');
  const memberPermissions = guild === null ? null : (member?.permissionsIn(message.channelId) ?? null);
  const resolver: unknown = Reflect.construct(CommandInteractionOptionResolver, [client, options, null]);
  const state = Object.assign(interaction, { user: author, member, memberPermissions, options: resolver });
  return Object.assign(
    interaction,
    messageAnswers(message, commandName, state, messagesFor(localeOf(message))),
  );
}

/** What can be known of the language: a message does not tell the user's, its server has one. */
export function localeOf({ guild }: Message): string {
  return guild?.preferredLocale ?? 'en-US';
}

function isInteraction(value: unknown): value is ChatInputCommandInteraction {
  return value instanceof ChatInputCommandInteraction;
}

/** As Discord would send it. The token is none: nothing can be done with it. */
function rawOf(message: Message, name: string): object {
  const { client, guild, channelId } = message;
  const permissions = guild?.members.me?.permissionsIn(channelId) ?? PermissionsBitField.Default;
  return {
    type: InteractionType.ApplicationCommand,
    id: message.id,
    token: 'none',
    version: 1,
    application_id: client.application.id,
    channel: { id: channelId },
    ...(guild === null ? {} : { guild_id: guild.id, guild_locale: guild.preferredLocale }),
    user: { id: message.author.id },
    locale: localeOf(message),
    app_permissions: String(new PermissionsBitField(permissions).bitfield),
    entitlements: [],
    authorizing_integration_owners: {},
    context: guild === null ? InteractionContextType.BotDM : InteractionContextType.Guild,
    attachment_size_limit: ATTACHMENT_SIZE_LIMIT,
    data: { id: '0', name, type: ApplicationCommandType.ChatInput },
  };
}

/** What Discord takes anywhere; bytes. */
const ATTACHMENT_SIZE_LIMIT = 10 * 2 ** 20;
