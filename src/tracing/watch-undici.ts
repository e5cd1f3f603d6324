import type { Outgoing } from './outgoing';
import { watchChannels } from './channels';

/** Node's own `fetch`, and every copy of undici there is: all of them publish here. */

/** As much of undici's request as is used; versions differ in the rest. */
interface UndiciRequest {
  readonly method: string;
  readonly origin: string | URL;
  /** Names and values in turns; one text with lines in undici 5. */
  readonly headers: unknown;
  addHeader(name: string, value: string): unknown;
}

/** @returns how to stop watching. */
export function watchUndici(outgoing: Outgoing): () => void {
  return watchChannels({
    'undici:request:create': ({ request }) => {
      if (!isRequest(request)) return;
      const traceparent = outgoing.began(request, { method: request.method, host: hostOf(request.origin) });
      if (traceparent !== null && !isToldAlready(request.headers))
        request.addHeader('traceparent', traceparent);
    },
    'undici:request:headers': ({ request, response }) => {
      const status = isObject(response) && 'statusCode' in response ? response.statusCode : null;
      if (isObject(request) && typeof status === 'number') outgoing.answered(request, status);
    },
    'undici:request:error': ({ request, error }) => {
      if (isObject(request)) outgoing.failed(request, error);
    },
  });
}

/** What stands behind the scheme. */
function hostOf(origin: string | URL): string {
  return typeof origin === 'string' ? origin.slice(origin.indexOf('//') + 2) : origin.host;
}

/** What a command tells by itself is its own business. */
function isToldAlready(headers: unknown): boolean {
  if (typeof headers === 'string') return /^traceparent:/im.test(headers);
  if (!Array.isArray(headers)) return false;
  return headers.some((name, index) => index % 2 === 0 && String(name).toLowerCase() === 'traceparent');
}

function isRequest(value: unknown): value is UndiciRequest {
  if (!isObject(value) || !('method' in value && 'origin' in value && 'addHeader' in value)) return false;
  const { method, origin, addHeader } = value;
  const hasOrigin = typeof origin === 'string' || origin instanceof URL;
  return typeof method === 'string' && hasOrigin && typeof addHeader === 'function';
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
