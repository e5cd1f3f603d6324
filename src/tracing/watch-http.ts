import { ClientRequest, IncomingMessage } from 'node:http';
import { watchChannels } from './channels';
import type { Outgoing } from './outgoing';

/** What writes the headers of a request, in every Node.js that does not tell of requests as they are made. */
const WRITES_HEADERS = '_implicitHeader';

/**
 * `node:http` and `node:https`, and all that is built on them. Since 22.12 Node.js tells of a request when it is made;
 * before that only when its headers are written already, so that the moment before has to be looked for.
 *
 * @returns how to stop watching.
 */
export function watchHttp(outgoing: Outgoing): () => void {
  const known = new WeakSet<ClientRequest>();
  const begin = (request: unknown): void => {
    if (!(request instanceof ClientRequest) || known.has(request)) return;
    known.add(request);
    const traceparent = outgoing.began(request, { method: request.method, host: hostOf(request) });
    if (traceparent === null || request.headersSent || request.hasHeader('traceparent')) return;
    request.setHeader('traceparent', traceparent);
  };
  const stopChannels = watchChannels({
    'http.client.request.created': ({ request }) => begin(request),
    'http.client.request.start': ({ request }) => begin(request),
    'http.client.response.finish': ({ request, response }) => {
      if (!(request instanceof ClientRequest && response instanceof IncomingMessage)) return;
      outgoing.answered(request, response.statusCode ?? 0);
    },
    'http.client.request.error': ({ request, error }) => {
      if (request instanceof ClientRequest) outgoing.failed(request, error);
    },
  });
  const stopHeaders = tellsWhenMade(process.versions.node) ? () => undefined : beforeHeaders(begin);
  return () => {
    stopChannels();
    stopHeaders();
  };
}

/** https://nodejs.org/api/diagnostics_channel.html#event-httpclientrequestcreated */
function tellsWhenMade(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 12);
}

function beforeHeaders(begin: (request: ClientRequest) => void): () => void {
  const { prototype } = ClientRequest;
  const original: unknown = Reflect.get(prototype, WRITES_HEADERS);
  if (typeof original !== 'function') return () => undefined;
  let isStopped = false;
  const substitute = function (this: ClientRequest): unknown {
    try {
      if (!isStopped) begin(this);
    } catch {
      // The request goes its way, unseen.
    }
    return Reflect.apply(original, this, []);
  };
  Reflect.set(prototype, WRITES_HEADERS, substitute);
  return () => {
    isStopped = true;
    // Somebody else may have come after us, and has to find what was there.
    if (Reflect.get(prototype, WRITES_HEADERS) === substitute) {
      Reflect.set(prototype, WRITES_HEADERS, original);
    }
  };
}

/** With the port, where it is not the scheme's own. */
function hostOf(request: ClientRequest): string {
  const named = request.getHeader('host');
  return typeof named === 'string' ? named : request.host;
}
