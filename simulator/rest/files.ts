import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Attachments } from '../attachments';

const ADDRESS = /^\/attachments\/(\d+)\//;

/** Serves uploaded files back. False if the request is for something else. */
export function serveAttachment(
  request: IncomingMessage,
  response: ServerResponse,
  attachments: Attachments,
): boolean {
  const id = ADDRESS.exec(request.url ?? '')?.[1];
  if (id === undefined) return false;
  const file = attachments.find(id);
  if (file === undefined) {
    response.writeHead(404).end();
    return true;
  }
  response.writeHead(200, { 'content-type': file.contentType, 'content-length': file.bytes.length });
  response.end(file.bytes);
  return true;
}
