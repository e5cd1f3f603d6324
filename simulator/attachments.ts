import type { APIAttachment } from 'discord-api-types/v10';
import type { Snowflakes } from './snowflake';

export interface UploadedFile {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** Files that were uploaded, to be served back. */
export interface Attachments {
  save(file: UploadedFile, description?: string): APIAttachment;
  find(id: string): UploadedFile | undefined;
}

const KEPT = 500;

/** Keeps the newest files in memory. `baseUrl` is known once the server listens. */
export function createAttachments(newId: Snowflakes, baseUrl: () => string): Attachments {
  const files = new Map<string, UploadedFile>();
  return {
    save(file, description) {
      const id = newId();
      files.set(id, file);
      if (files.size > KEPT) for (const oldest of [...files.keys()].slice(0, 1)) files.delete(oldest);
      const url = `${baseUrl()}/attachments/${id}/${encodeURIComponent(file.name)}`;
      return {
        id,
        filename: file.name,
        size: file.bytes.length,
        url,
        proxy_url: url,
        content_type: file.contentType,
        ...(description === undefined ? {} : { description }),
      };
    },
    find: (id) => files.get(id),
  };
}
