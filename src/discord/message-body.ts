import {
  MessageFlags,
  MessageFlagsBitField,
  type InteractionEditReplyOptions,
  type InteractionReplyOptions,
  type MessageFlagsResolvable,
} from 'discord.js';

/** What a command gives to be shown, apart from how it is to be shown. */

/** Each place has a type of flags of its own, and discord.js reads them all alike. */
const flagsOf = (given: { readonly flags?: unknown }): Readonly<MessageFlagsBitField> =>
  new MessageFlagsBitField(given.flags as MessageFlagsResolvable | undefined);

/** Whether it is for the user alone. */
export function isEphemeral(
  given: string | { readonly flags?: unknown; readonly ephemeral?: boolean | undefined },
): boolean {
  if (typeof given === 'string') return false;
  return given.ephemeral === true || flagsOf(given).has(MessageFlags.Ephemeral);
}

export type MessageBody = ReturnType<typeof bodyOf>;

/** What goes into a message, be it sent or edited, and what is left out when nothing is said of it. */
export function bodyOf(given: string | InteractionReplyOptions | InteractionEditReplyOptions) {
  if (typeof given === 'string') return { content: given };
  const { content, embeds, components, files, allowedMentions } = given;
  return {
    ...(content === undefined ? {} : { content: content ?? '' }),
    ...(embeds == null ? {} : { embeds }),
    ...(components == null ? {} : { components }),
    ...(files == null ? {} : { files }),
    ...(allowedMentions === undefined ? {} : { allowedMentions }),
    flags: LASTING.filter((flag) => flagsOf(given).has(flag)),
  };
}

/** Flags that a message may be sent and edited with. */
const LASTING = [MessageFlags.SuppressEmbeds, MessageFlags.IsComponentsV2] as const;
