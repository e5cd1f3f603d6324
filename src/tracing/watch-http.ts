import { ClientRequest, IncomingMessage } from 'node:http';
import { watchChannels } from './channels';
import { behindProxy, type Head, type IsDiscord, type Outgoing } from './outgoing';

/** What writes the headers of a request, in every Node.js that does not tell of requests as they are made. */
const WRITES_HEADERS = '_implicitHeader';

/**
 * `node:http` and `node:https`, and all that is built on them. Since 22.12 Node.js tells of a request when it is made;
 * before that only when its headers are written already, so that the moment before has to be looked for.
 *
 * @returns how to stop watching.
 */
export function watchHttp(outgoing: Outgoing, isDiscord: IsDiscord): () => void {
  const known = new WeakSet<ClientRequest>();
  const begin = (request: unknown): void => {
    if (!(request instanceof ClientRequest) || known.has(request)) return;
    known.add(request);
    const traceparent = outgoing.began(request, () => headOf(request, isDiscord));
    if (traceparent === null) return;
    watchUpgrade(request, (status) => outgoing.answered(request, status));
    if (request.headersSent || request.hasHeader('traceparent')) return;
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

/**
 * Null for Discord, however the request gets there: by the name in its headers, by the name that is connected to, or
 * by that which a proxy is told.
 */
function headOf(request: ClientRequest, isDiscord: IsDiscord): Head | null {
  const { method, path } = request;
  const connected = request.host.includes(':') ? `[${request.host.replace(/^\[|\]$/g, '')}]` : request.host;
  const named = namedHost(request);
  const behind = behindProxy(method, path);
  // Node.js tells the port nowhere but in the header, which may be somebody else's.
  const isConnectedNamed = named?.toLowerCase().startsWith(`${connected}:`.toLowerCase()) === true;
  if (!isConnectedNamed && isDiscord(connected, 'unknown')) return null;
  if (named !== null && isDiscord(named)) return null;
  if (behind !== null && isDiscord(behind)) return null;
  return { method, host: named ?? connected, traceparent: toldBy(request) };
}

/** What a command tells by itself, or a tracing of the bot's own. */
function toldBy(request: ClientRequest): string | null {
  const told: unknown = request.getHeader('traceparent');
  return typeof told === 'string' ? told : null;
}

/** What the other side is called; where headers were given as a list, they are written already. */
function namedHost(request: ClientRequest): string | null {
  const named: unknown = request.getHeader('host') ?? (request.headersSent ? writtenHost(request) : null);
  return typeof named === 'string' ? named : null;
}

function writtenHost(request: ClientRequest): string | null {
  const written: unknown = Reflect.get(request, '_header');
  return typeof written === 'string' ? (/^host: *(.*)$/im.exec(written)?.[1]?.trim() ?? null) : null;
}

/** Calls a function with the status of an answer that makes something else of the connection: no channel tells of it. */
function watchUpgrade(request: ClientRequest, upgraded: (status: number) => void): void {
  const event = request.method === 'CONNECT' ? 'connect' : 'upgrade';
  if (event === 'upgrade' && !request.hasHeader('upgrade')) return;
  const listen = (): void => {
    request.once(event, ({ statusCode }: IncomingMessage) => upgraded(statusCode ?? 0));
  };
  // A listener of ours alone would have Node.js leave open what nobody has asked for.
  const added = (name: string | symbol): void => {
    if (name !== event) return;
    request.off('newListener', added);
    listen();
  };
  if (request.listenerCount(event) > 0) listen();
  else request.on('newListener', added);
}
