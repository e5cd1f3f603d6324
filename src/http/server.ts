import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import { createApp, type AppOptions } from './app';
import { ListenError } from './listen-error';
import { isLoopbackAddress } from './loopback';

/** What one client may take before it is cut off. */
export interface HttpLimits {
  /** From the first byte, or from the connection, to the last header. */
  readonly headersTimeoutSeconds: number;
  /** From the first byte to the end of the request's body. */
  readonly requestTimeoutSeconds: number;
  /** How long a connection may wait for its next request. */
  readonly keepAliveTimeoutSeconds: number;
  /** How long a connection may stand still, for instance because the client does not read the answer. */
  readonly idleTimeoutSeconds: number;
  /** How often the first two are looked at. */
  readonly checkIntervalSeconds: number;
  readonly maxConnections: number;
  /** Of the request line and all headers. More is answered with 431. */
  readonly maxHeaderBytes: number;
  /** How long requests in flight may take to finish once `close` is called. */
  readonly closeGraceSeconds: number;
}

export const HTTP_LIMITS: HttpLimits = {
  headersTimeoutSeconds: 5,
  requestTimeoutSeconds: 10,
  keepAliveTimeoutSeconds: 5,
  idleTimeoutSeconds: 30,
  checkIntervalSeconds: 2,
  maxConnections: 256,
  maxHeaderBytes: 8192,
  closeGraceSeconds: 1,
};

export interface HttpOptions extends Omit<AppOptions, 'boundToLoopback'> {
  /** An address or name of this machine. */
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly limits?: Partial<HttpLimits>;
}

export interface HttpServer {
  /** The port that it listens on. */
  readonly port: number;
  /** Without a trailing slash; an IPv6 host in brackets. */
  readonly url: string;
  /** From now on it keeps no process from ending. */
  unref(): void;
  /** Stops accepting, ends idle connections, and gives those in flight a moment. May be called again. */
  close(): Promise<void>;
}

/** Opens the server, and resolves once it listens. Rejects with `ListenError` if it cannot. */
export async function startHttp(options: HttpOptions): Promise<HttpServer> {
  const { host, logger } = options;
  const limits: HttpLimits = { ...HTTP_LIMITS, ...options.limits };
  const server = limitedServer(limits);
  const { address, port } = await listen(server, host, options.port);
  // Such as too many open files: the server goes on, and so must the process.
  server.on('error', (error) => logger.error('The HTTP server had an error', { error }));
  closeOnceAnswered(server);
  const boundToLoopback = isLoopbackAddress(address);
  if (!boundToLoopback && options.token === null) {
    logger.warn('/api can be reached from other machines, and answers 401 until METRICS_TOKEN is set.');
  }
  server.on('request', createApp({ ...options, boundToLoopback }));
  let closed: Promise<void> | null = null;
  return {
    port,
    url: `http://${isIPv6(host) ? `[${host}]` : host}:${port}`,
    unref() {
      server.unref();
      server.on('connection', (socket) => socket.unref());
    },
    close: () => (closed ??= close(server, limits.closeGraceSeconds)),
  };
}

function limitedServer(limits: HttpLimits): Server {
  const server = createServer({
    headersTimeout: limits.headersTimeoutSeconds * 1000,
    requestTimeout: limits.requestTimeoutSeconds * 1000,
    keepAliveTimeout: limits.keepAliveTimeoutSeconds * 1000,
    connectionsCheckingInterval: limits.checkIntervalSeconds * 1000,
    maxHeaderSize: limits.maxHeaderBytes,
  });
  server.timeout = limits.idleTimeoutSeconds * 1000;
  server.maxConnections = limits.maxConnections;
  return server;
}

async function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  try {
    server.listen({ host, port });
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('it has no port');
    return address;
  } catch (error) {
    throw new ListenError(host, port, error);
  }
}

function close(server: Server, graceSeconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceSeconds * 1000);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/** A connection that is kept alive would otherwise hold a closing server after its last answer. */
function closeOnceAnswered(server: Server): void {
  server.on('request', (_request, response) => {
    response.once('close', () => {
      if (!server.listening) server.closeIdleConnections();
    });
  });
}
