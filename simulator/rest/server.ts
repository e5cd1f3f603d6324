import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Backend } from '../backend';
import type { RestFault, RestFaults } from '../faults';
import { decodeBody, readBytes } from './body';
import { ApiError, notFound, unauthorized } from './errors';
import type { RestLog } from './log';
import type { RateLimits } from './rate-limits';
import type { Answer } from './route';
import type { Match } from './router';

export interface RestOptions {
  readonly backend: Backend;
  readonly match: (method: string, path: string) => Match | null;
  readonly acceptsToken: (token: string) => boolean;
  readonly rateLimits: RateLimits | null;
  readonly faults: RestFaults;
  readonly log: RestLog;
  /** Real milliseconds that every answer is held back. */
  readonly latencyMs: number;
  /** Aborted when the server closes: nothing is held back any longer. */
  readonly closing: AbortSignal;
  readonly onChange: () => void;
}

/** An answer with all its headers; null: the connection is ended (or left hanging) without one. */
interface FullAnswer extends Answer {
  readonly headers: Readonly<Record<string, string>>;
  readonly code: number | null;
}

interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly match: Match | null;
  readonly request: IncomingMessage;
}

const API_PREFIX = /^\/api\/v10(?=\/)/;

/** Answers the requests of an HTTP server as Discord's REST API does. */
export function createRestHandler(options: RestOptions) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const at = options.backend.world.now();
    const incoming = readRequest(request, options);
    const fault = options.faults.take(incoming.method, incoming.path);
    const answer = await answerWithFault(incoming, fault, options);
    if (options.latencyMs > 0) await hold(options.latencyMs, options);
    options.log.add({
      method: incoming.method,
      path: incoming.path,
      route: incoming.match?.route.template ?? null,
      status: answer?.status ?? 0,
      code: answer?.code ?? null,
      at,
      userAgent: request.headers['user-agent'] ?? '',
      headers: request.headers,
    });
    if (answer !== null) send(response, answer, options.backend.world.now());
    else if (fault?.reset === true) request.socket.resetAndDestroy();
    options.onChange();
  };
}

const hold = (milliseconds: number, { closing }: RestOptions): Promise<void> =>
  delay(milliseconds, undefined, { signal: closing });

function readRequest(request: IncomingMessage, options: RestOptions): Incoming {
  const [target = '/', search = ''] = (request.url ?? '/').split('?', 2);
  const method = request.method ?? 'GET';
  const isApi = API_PREFIX.test(target);
  const path = isApi ? target.replace(API_PREFIX, '') : target;
  const match = isApi ? options.match(method, path) : null;
  return { method, path, query: new URLSearchParams(search), match, request };
}

async function answerWithFault(
  incoming: Incoming,
  fault: RestFault | null,
  options: RestOptions,
): Promise<FullAnswer | null> {
  if (fault?.delayMs !== undefined) await hold(fault.delayMs, options);
  const replaces =
    fault !== null && (fault.status !== undefined || fault.hang === true || fault.reset === true);
  if (!replaces || fault.applied === true) {
    const answer = await answerUsually(incoming, options);
    if (!replaces) return { ...answer, headers: { ...answer.headers, ...fault?.headers } };
  } else {
    await readBytes(incoming.request).catch(() => undefined);
  }
  if (fault.status === undefined) return null;
  const { status, code = 0, message = 'Simulated fault', body = { message, code }, headers = {} } = fault;
  return { status, body, headers, code };
}

async function answerUsually(incoming: Incoming, options: RestOptions): Promise<FullAnswer> {
  try {
    return { ...(await answer(incoming, options)), code: null };
  } catch (error) {
    const refusal = error instanceof ApiError ? error : internalError(error);
    const { status, code, message, extra, headers } = refusal;
    return { status, body: { message, code, ...extra }, headers, code };
  }
}

async function answer(
  { method, path, query, match, request }: Incoming,
  options: RestOptions,
): Promise<Answer & { readonly headers: Readonly<Record<string, string>> }> {
  const bytes = await readBytes(request);
  if (match === null) throw notFound();
  const { route, params } = match;
  if (route.authorization === 'bot') {
    const [scheme, token = ''] = (request.headers.authorization ?? '').split(' ', 2);
    if (scheme !== 'Bot' || !options.acceptsToken(token)) throw unauthorized();
  }
  const headers = options.rateLimits?.take(match) ?? {};
  const { json, files } = decodeBody(bytes, request.headers['content-type'] ?? '');
  const call = { method, path, query, params, body: json, files };
  return { ...route.handler(call, options.backend), headers };
}

function internalError(error: unknown): ApiError {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new ApiError(500, 0, '500: Internal Server Error', { simulator_error: detail });
}

function send(response: ServerResponse, { status, body, headers }: FullAnswer, now: number): void {
  const date = new Date(now).toUTCString();
  if (body === undefined) {
    response.writeHead(status, { date, ...headers }).end();
    return;
  }
  const isText = typeof body === 'string';
  const text = isText ? body : JSON.stringify(body);
  const type = isText ? 'text/html' : 'application/json';
  const length = Buffer.byteLength(text);
  response.writeHead(status, { date, 'content-type': type, 'content-length': length, ...headers }).end(text);
}
