import { watchChannels } from './channels';
import { behindProxy, type Head, type IsDiscord, type Outgoing } from './outgoing';

/** Node's own `fetch`, and every copy of undici there is: all of them publish here. */

/** As much of undici's request as is used; versions differ in the rest. */
interface UndiciRequest {
  readonly method: string;
  readonly origin: string | URL;
  readonly path: string;
  /** Names and values in turns; one text with lines in undici 5. */
  readonly headers: unknown;
  addHeader(name: string, value: string): unknown;
}

/** @returns how to stop watching. */
export function watchUndici(outgoing: Outgoing, isDiscord: IsDiscord): () => void {
  return watchChannels({
    'undici:request:create': ({ request }) => {
      if (!isRequest(request)) return;
      const traceparent = outgoing.began(request, () => headOf(request, isDiscord));
      if (traceparent !== null && toldIn(request.headers) === null)
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

/** Null for Discord, be it behind a proxy, and for what cannot be read. */
function headOf({ method, origin, path, headers }: UndiciRequest, isDiscord: IsDiscord): Head | null {
  const host = hostOf(origin);
  const behind = behindProxy(method, path);
  if (host === null || isDiscord(host)) return null;
  return behind !== null && isDiscord(behind) ? null : { method, host, traceparent: toldIn(headers) };
}

/** As the connection will have it: an address can be spelled in many ways. */
function hostOf(url: string | URL): string | null {
  return URL.canParse(String(url)) ? new URL(url).host : null;
}

/** What a command tells by itself is its own business. */
function toldIn(headers: unknown): string | null {
  if (typeof headers === 'string') return /^traceparent:(.*)$/im.exec(headers)?.[1]?.trim() ?? null;
  if (!Array.isArray(headers)) return null;
  const name = headers.findIndex(
    (one, index) => index % 2 === 0 && String(one).toLowerCase() === 'traceparent',
  );
  return name < 0 ? null : String(headers[name + 1]);
}

function isRequest(value: unknown): value is UndiciRequest {
  if (!isObject(value) || !('method' in value && 'origin' in value && 'path' in value)) return false;
  const { method, origin, path } = value;
  const hasOrigin = typeof origin === 'string' || origin instanceof URL;
  const isWhole = typeof method === 'string' && hasOrigin && typeof path === 'string';
  return isWhole && 'addHeader' in value && typeof value.addHeader === 'function';
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
