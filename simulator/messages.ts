import type { APIAttachment, APIEmbed, APIMessageTopLevelComponent } from 'discord-api-types/v10';
import type { SimulatedMessage } from './types';
import type { Channel, Person, World } from './world';

/** The interaction that a message came of. */
export interface MessageOrigin {
  readonly id: string;
  readonly type: number;
  readonly user: Person;
  readonly commandName: string | null;
}

/** What can be set of a message, when it is made and when it is edited. */
export interface MessageContent {
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly components: readonly APIMessageTopLevelComponent[];
  readonly attachments: readonly APIAttachment[];
  readonly mentions: readonly Person[];
  readonly mentionRoles: readonly string[];
  readonly mentionEveryone: boolean;
  readonly flags: number;
}

export interface StoredMessage extends SimulatedMessage, MessageContent {
  readonly author: Person;
  readonly createdAt: number;
  readonly editedAt: number | null;
  /** The only one who sees it; null: everyone. */
  readonly onlyFor: string | null;
  readonly origin: MessageOrigin | null;
  readonly replyTo: string | null;
  readonly nonce: string | number | null;
}

export interface MessageDraft extends Partial<MessageContent> {
  readonly author: Person;
  readonly onlyFor?: string | null;
  readonly origin?: MessageOrigin | null;
  readonly replyTo?: string | null;
  readonly nonce?: string | number | null;
}

export type MessageChange = 'MESSAGE_CREATE' | 'MESSAGE_UPDATE' | 'MESSAGE_DELETE';

export interface Messages {
  create(channel: Channel, draft: MessageDraft): StoredMessage;
  edit(message: StoredMessage, content: Partial<MessageContent>): void;
  delete(message: StoredMessage): void;
  find(channelId: string, id: string): StoredMessage | undefined;
  /** Oldest first. */
  list(channelId: string): readonly StoredMessage[];
}

export const MessageFlag = { ephemeral: 64, loading: 128, componentsV2: 32_768 } as const;
const KEPT_PER_CHANNEL = 1_000;

const EMPTY: MessageContent = {
  content: '',
  embeds: [],
  components: [],
  attachments: [],
  mentions: [],
  mentionRoles: [],
  mentionEveryone: false,
  flags: 0,
};

/** The newest messages of every channel. `onChange` hears of each change after it was made. */
export function createMessages(
  world: World,
  onChange: (change: MessageChange, message: StoredMessage) => void,
): Messages {
  const channels = new Map<string, Map<string, StoredMessage>>();

  const keep = (message: StoredMessage): void => {
    const kept = channels.get(message.channelId) ?? new Map<string, StoredMessage>();
    channels.set(message.channelId, kept.set(message.id, message));
    if (kept.size <= KEPT_PER_CHANNEL) return;
    const [oldest] = kept.keys();
    if (oldest !== undefined) kept.delete(oldest);
  };

  return {
    create(channel, draft) {
      const message = compose(world, channel, draft);
      keep(message);
      onChange('MESSAGE_CREATE', message);
      return message;
    },
    edit(message, content) {
      const wasLoading = (message.flags & MessageFlag.loading) !== 0;
      const mark = wasLoading ? {} : { edited: true, editedAt: world.now() };
      Object.assign(message, content, mark);
      onChange('MESSAGE_UPDATE', message);
    },
    delete(message) {
      Object.assign(message, { deleted: true });
      channels.get(message.channelId)?.delete(message.id);
      onChange('MESSAGE_DELETE', message);
    },
    find: (channelId, id) => channels.get(channelId)?.get(id),
    list: (channelId) => [...(channels.get(channelId)?.values() ?? [])],
  };
}

function compose(world: World, channel: Channel, draft: MessageDraft): StoredMessage {
  const onlyFor = draft.onlyFor ?? null;
  return {
    ...EMPTY,
    ...draft,
    id: world.newId(),
    channelId: channel.id,
    guildId: channel.guildId,
    createdAt: world.now(),
    editedAt: null,
    edited: false,
    deleted: false,
    ephemeral: onlyFor !== null,
    onlyFor,
    origin: draft.origin ?? null,
    replyTo: draft.replyTo ?? null,
    nonce: draft.nonce ?? null,
  };
}

/** Whether the message is there to be seen, by everyone or by this user. */
export function isVisible(message: StoredMessage, userId?: string): boolean {
  if (message.deleted || (message.flags & MessageFlag.loading) !== 0) return false;
  return message.onlyFor === null || message.onlyFor === userId;
}
