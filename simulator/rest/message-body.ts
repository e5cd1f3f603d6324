import type { APIAttachment, APIEmbed, APIMessageTopLevelComponent } from 'discord-api-types/v10';
import type { Attachments, UploadedFile } from '../attachments';
import { asArray, asNumber, asRecord, asText, type JsonObject } from '../json';
import { MessageFlag, type MessageContent, type StoredMessage } from '../messages';
import type { World } from '../world';
import { emptyMessage } from './errors';
import { readMentions } from './mentions';
import { Problems, type Path } from './problems';
import { validateMessage } from './validate-message';

export interface MessageRequest {
  readonly body: JsonObject;
  readonly files: ReadonlyMap<string, UploadedFile>;
  /** Where the body stands in the request, for the errors. */
  readonly path: Path;
}

/** Flags that a bot may set: no embeds, ephemeral, silent, voice, components v2. */
const SETTABLE_FLAGS = 4 | MessageFlag.ephemeral | 4_096 | 8_192 | MessageFlag.componentsV2;

/** What a request says of a message that is new. Throws 50035 or 50006. */
export function readNewMessage(
  request: MessageRequest,
  world: World,
  attachments: Attachments,
): MessageContent {
  const { body } = request;
  check(request, body);
  const isEmpty = asArray(body.sticker_ids).length === 0 && body.poll === undefined;
  const files = [...request.files.keys()];
  if (isEmpty && files.length === 0 && !hasSubstance(body)) throw emptyMessage();
  const saved = saveFiles(request, attachments);
  const content = asText(body.content) ?? '';
  return {
    content,
    ...readMentions(content, body.allowed_mentions, world),
    embeds: readEmbeds(body.embeds, saved),
    components: readComponents(body.components),
    attachments: saved,
    flags: (asNumber(body.flags) ?? 0) & SETTABLE_FLAGS & ~MessageFlag.ephemeral,
  };
}

/** What a request changes of a message. Throws 50035 or 50006. */
export function readEdit(
  request: MessageRequest,
  message: StoredMessage,
  world: World,
  attachments: Attachments,
): Partial<MessageContent> {
  const { body } = request;
  const flags = (asNumber(body.flags) ?? 0) | (message.flags & MessageFlag.componentsV2);
  check(request, { ...body, flags });
  const kept = keptAttachments(message, body);
  const after = { ...message, ...definedOf(body), flags };
  if (kept.length === 0 && request.files.size === 0 && !hasSubstance(after)) throw emptyMessage();
  const saved = saveFiles(request, attachments);
  const content = asText(body.content) ?? '';
  return {
    ...(body.content === undefined
      ? {}
      : { content, ...readMentions(content, body.allowed_mentions, world) }),
    ...(body.embeds === undefined ? {} : { embeds: readEmbeds(body.embeds, saved) }),
    ...(body.components === undefined ? {} : { components: readComponents(body.components) }),
    attachments: [...kept, ...saved],
    flags: flags & SETTABLE_FLAGS & ~MessageFlag.ephemeral,
  };
}

export function isEphemeral(body: JsonObject): boolean {
  return ((asNumber(body.flags) ?? 0) & MessageFlag.ephemeral) !== 0;
}

function check({ path }: MessageRequest, body: JsonObject): void {
  const problems = new Problems();
  validateMessage(body, path, problems);
  problems.throwIfAny();
}

function hasSubstance(body: JsonObject | StoredMessage): boolean {
  const isV2 = ((asNumber(body.flags) ?? 0) & MessageFlag.componentsV2) !== 0;
  const text = asText(body.content)?.trim() ?? '';
  return isV2 || text !== '' || asArray(body.embeds).length > 0;
}

function definedOf(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

function keptAttachments(message: StoredMessage, body: JsonObject): readonly APIAttachment[] {
  if (body.attachments === undefined) return message.attachments;
  const wanted = asArray(body.attachments).map((one) => String(asRecord(one).id));
  return message.attachments.filter((attachment) => wanted.includes(attachment.id));
}

/** `files[n]` belongs to the attachment with the id n. */
function saveFiles({ body, files }: MessageRequest, attachments: Attachments): readonly APIAttachment[] {
  return [...files].map(([field, file]) => {
    const index = /\[(\d+)\]/.exec(field)?.[1];
    const about = asArray(body.attachments)
      .map(asRecord)
      .find((one) => String(one.id) === index);
    const name = asText(about?.filename) ?? file.name;
    return attachments.save({ ...file, name }, asText(about?.description));
  });
}

function readEmbeds(embeds: unknown, saved: readonly APIAttachment[]): readonly APIEmbed[] {
  const urls = new Map(saved.map((attachment) => [`attachment://${attachment.filename}`, attachment.url]));
  const text = JSON.stringify(asArray(embeds).map((embed) => ({ type: 'rich', ...asRecord(embed) })));
  return JSON.parse(text, (_key, value: unknown) =>
    typeof value === 'string' ? (urls.get(value) ?? value) : value,
  ) as APIEmbed[];
}

/** Discord numbers the components that have no id. */
function readComponents(components: unknown): readonly APIMessageTopLevelComponent[] {
  let id = 0;
  const number = (item: unknown): JsonObject => {
    const component = asRecord(item);
    const own = { ...component, id: component.id ?? ++id };
    return {
      ...own,
      ...(component.components === undefined
        ? {}
        : { components: asArray(component.components).map(number) }),
      ...(component.accessory === undefined ? {} : { accessory: number(component.accessory) }),
    };
  };
  return asArray(components).map(number) as unknown as APIMessageTopLevelComponent[];
}
