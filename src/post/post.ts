import {
  Agent,
  request,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { Agent as TlsAgent, request as requestTls } from 'node:https';
import type { Socket } from 'node:net';
import { createAddresses, lookupOf, type Addresses } from './addresses';
import type { Message } from './message';

/**
 * Posts over HTTP so that no process is kept from ending: not by a socket, not by a timer. Whoever wants an answer
 * before the end has to hold the process for it.
 */

export interface Head {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

export interface Answer extends Head {
  /** The first 64 KiB of it; less where the rest does not come. */
  readonly body: Buffer;
}

/** What it gives rejects where there is no answer, and once the signal is aborted. A redirect is an answer. */
export interface Poster {
  /** What has a status has been answered, also if the rest of it never comes: what has come after a second is given. */
  post(this: void, message: Message, signal: AbortSignal): Promise<Answer>;
  /** The same for whom the status is enough: does not wait for the rest. */
  head(this: void, message: Message, signal: AbortSignal): Promise<Head>;
  /** The same message with what is known of where its host is, for another thread. */
  located(this: void, message: Message): Message;
  /** Until the function it gives is called, a host is not looked up where that can be helped. */
  ending(this: void): () => void;
  /** Closes what is open for the next one. */
  close(this: void): void;
}

/** A connection that is being made holds a process, whatever is done about it; and so does the lookup before it. */
const CONNECT_LIMIT_MS = 2000;
/** What an answer may take after its head. */
const REST_LIMIT_MS = 1000;
/** A connection is kept so long: others close theirs after 5 s, and some do not say so. */
const KEEP_MS = 4000;
const MAX_ANSWER_BYTES = 65_536;
/** To one place; at an exit a thousand messages may be left. */
const MAX_CONNECTIONS = 64;
/** How a connection ends that was kept and had ended already. */
const WAS_DEAD = /^(?:ECONNRESET|EPIPE)$/;

/** Opens one: connections are kept for the next message. */
export function createPoster(addresses: Addresses = createAddresses()): Poster {
  const connections = { keepAlive: true, maxSockets: MAX_CONNECTIONS, timeout: KEEP_MS };
  const agents = { plain: new Agent(connections), tls: new TlsAgent(connections) };
  const open = (message: Message, isKept: boolean): ClientRequest => {
    const { url, headers, body, tls } = message;
    const options = {
      method: 'POST',
      headers: { ...headers, 'content-length': body.byteLength },
      lookup: message.addresses === undefined ? addresses.lookup : lookupOf(message.addresses),
    };
    return new URL(url).protocol === 'https:'
      ? requestTls(url, { ...options, ...tls, agent: isKept && agents.tls })
      : request(url, { ...options, agent: isKept && agents.plain });
  };
  return {
    async post(message, signal) {
      const { rest, ...head } = await ask(open, message, signal);
      return { ...head, body: await rest };
    },
    head: (message, signal) => ask(open, message, signal),
    located(message) {
      const known = addresses.known(new URL(message.url).hostname);
      return known === null ? message : { ...message, addresses: known };
    },
    ending: addresses.ending,
    close() {
      agents.plain.destroy();
      agents.tls.destroy();
    },
  };
}

interface Begun extends Head {
  readonly rest: Promise<Buffer>;
}

function ask(
  open: (message: Message, isKept: boolean) => ClientRequest,
  message: Message,
  signal: AbortSignal,
  isKept = true,
): Promise<Begun> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const asked = open(message, isKept);
    let isAnswered = false;
    const answered = ({ statusCode = 0, headers }: IncomingMessage, rest: Promise<Buffer>): void => {
      isAnswered = true;
      resolve({ status: statusCode, headers, rest });
    };
    const abort = (): void => {
      // One that waits for a connection says nothing when it is destroyed.
      reject(signal.reason as Error);
      asked.destroy();
    };
    signal.addEventListener('abort', abort);
    asked.once('socket', (socket) => letGo(socket, asked));
    asked.once('response', (response) => answered(response, read(response)));
    asked.once('upgrade', (response, socket) => {
      socket.destroy();
      answered(response, Promise.resolve(Buffer.alloc(0)));
    });
    asked.on('error', (error) => {
      if (isAnswered || signal.aborted || !wasDead(asked, error)) reject(error);
      else resolve(ask(open, message, signal, false));
    });
    asked.once('close', () => {
      signal.removeEventListener('abort', abort);
      reject(Object.assign(new Error('the connection ended without an answer'), { code: 'ECONNRESET' }));
    });
    asked.end(message.body);
  });
}

function wasDead({ reusedSocket }: ClientRequest, error: NodeJS.ErrnoException): boolean {
  return reusedSocket && WAS_DEAD.test(error.code ?? '');
}

function letGo(socket: Socket, asked: ClientRequest): void {
  socket.unref();
  if (!socket.connecting) return;
  const late = (): void => {
    const message = `no connection within ${CONNECT_LIMIT_MS / 1000} s`;
    asked.destroy(Object.assign(new Error(message), { code: 'ETIMEDOUT' }));
  };
  const timer = setTimeout(late, CONNECT_LIMIT_MS).unref();
  const done = (): void => clearTimeout(timer);
  socket.once('connect', done).once('close', done);
}

function read(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) response.destroy();
  });
  const timer = setTimeout(() => response.destroy(), REST_LIMIT_MS).unref();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES));
    };
    response
      .on('error', () => undefined)
      .once('end', done)
      .once('close', done);
  });
}
