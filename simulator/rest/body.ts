import type { IncomingMessage } from 'node:http';
import type { UploadedFile } from '../attachments';
import { invalidJson, tooLarge } from './errors';
import { parseMultipart } from './multipart';

export interface Body {
  readonly json: unknown;
  readonly files: ReadonlyMap<string, UploadedFile>;
}

const MAX_BYTES = 25 * 1024 * 1024;
const NO_FILES: ReadonlyMap<string, UploadedFile> = new Map();

/** Reads to the end, and throws a 413 if there was more than Discord takes. */
export async function readBytes(request: IncomingMessage, maxBytes = MAX_BYTES): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= maxBytes) chunks.push(chunk);
  }
  if (length > maxBytes) throw tooLarge();
  return Buffer.concat(chunks);
}

/** JSON, or a form with `payload_json` and files. Throws 50109 for what is neither. */
export function decodeBody(bytes: Buffer, contentType: string): Body {
  if (bytes.length === 0) return { json: undefined, files: NO_FILES };
  if (contentType.startsWith('multipart/form-data')) return decodeForm(bytes, contentType);
  return { json: parse(bytes.toString()), files: NO_FILES };
}

function decodeForm(bytes: Buffer, contentType: string): Body {
  const parts = parseMultipart(bytes, contentType);
  if (parts === null) throw invalidJson();
  const files = parts.flatMap(({ name: field, filename: name, contentType: type, bytes: content }) =>
    name === null ? [] : ([[field, { name, contentType: type, bytes: content }]] as const),
  );
  const payload = parts.find((part) => part.name === 'payload_json');
  return { json: payload === undefined ? {} : parse(payload.bytes.toString()), files: new Map(files) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidJson();
  }
}
