import { asArray, asRecord, type JsonObject } from '../json';
import { characterCount, type Path, type Problems } from './problems';
import { validateComponents } from './validate-components';

const MAX_CONTENT = 2_000;
const MAX_EMBEDS = 10;
const MAX_EMBED_FIELDS = 25;
const MAX_EMBED_CHARACTERS = 6_000;
const MAX_ATTACHMENTS = 10;

/** A message's body, whether it is to be made or edited. */
export function validateMessage(body: JsonObject, path: Path, problems: Problems): void {
  problems.text(body.content, [...path, 'content'], 0, MAX_CONTENT);
  const embeds = asArray(body.embeds).map(asRecord);
  problems.length(embeds.length, [...path, 'embeds'], 0, MAX_EMBEDS);
  embeds.forEach((embed, index) => validateEmbed(embed, [...path, 'embeds', index], problems));
  if (embeds.reduce((sum, embed) => sum + embedCharacters(embed), 0) > MAX_EMBED_CHARACTERS) {
    const message = `Embed size exceeds maximum size of ${MAX_EMBED_CHARACTERS}`;
    problems.add([...path, 'embeds'], 'MAX_EMBED_SIZE_EXCEEDED', message);
  }
  problems.length(asArray(body.attachments).length, [...path, 'attachments'], 0, MAX_ATTACHMENTS);
  validateComponents(body, path, problems);
}

function validateEmbed(embed: JsonObject, path: Path, problems: Problems): void {
  problems.text(embed.title, [...path, 'title'], 0, 256);
  problems.text(embed.description, [...path, 'description'], 0, 4096);
  problems.text(asRecord(embed.footer).text, [...path, 'footer', 'text'], 0, 2048);
  problems.text(asRecord(embed.author).name, [...path, 'author', 'name'], 0, 256);
  validateAddresses(embed, path, problems);
  const fields = asArray(embed.fields).map(asRecord);
  problems.length(fields.length, [...path, 'fields'], 0, MAX_EMBED_FIELDS);
  fields.forEach((field, index) => {
    problems.text(field.name, [...path, 'fields', index, 'name'], 1, 256);
    problems.text(field.value, [...path, 'fields', index, 'value'], 1, 1024);
  });
}

function validateAddresses(embed: JsonObject, path: Path, problems: Problems): void {
  const addresses: readonly [Path, unknown][] = [
    [['url'], embed.url],
    [['image', 'url'], asRecord(embed.image).url],
    [['thumbnail', 'url'], asRecord(embed.thumbnail).url],
    [['author', 'url'], asRecord(embed.author).url],
  ];
  for (const [key, url] of addresses) {
    if (typeof url !== 'string' || url === '' || /^(https?|attachment):\/\/\S+$/.test(url)) continue;
    problems.add([...path, ...key], 'URL_TYPE_INVALID_URL', 'Not a well formed URL.');
  }
}

function embedCharacters(embed: JsonObject): number {
  const fields = asArray(embed.fields).map(asRecord);
  const texts = [
    embed.title,
    embed.description,
    asRecord(embed.footer).text,
    asRecord(embed.author).name,
    ...fields.flatMap((field) => [field.name, field.value]),
  ];
  return texts.reduce<number>((sum, text) => sum + (typeof text === 'string' ? characterCount(text) : 0), 0);
}
