import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { createAddresses } from '../../src/post/addresses';
import type { Message } from '../../src/post/message';
import { createPoster } from '../../src/post/post';

/** What becomes of a post, whatever the other side does. */

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function open(...options: Parameters<typeof createPoster>) {
  const poster = createPoster(...options);
  closers.push(poster.close);
  return poster;
}

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** What is done with each request that comes, and how many came over its connection before. */
type Handle = (socket: Socket, earlier: number) => void;

async function serve(handle: Handle): Promise<Message> {
  const server = createServer((socket) => {
    let requests = 0;
    socket.on('data', (data) => {
      if (data.includes('POST ')) handle(socket, requests++);
    });
  });
  return to(`http://127.0.0.1:${await listening(server)}/`);
}

const to = (url: string): Message => ({ url, headers: {}, body: Buffer.from('x'), tls: {} });
const never = (): AbortSignal => new AbortController().signal;
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';
const HANGS = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{';

async function msOf(promise: Promise<unknown>): Promise<number> {
  const before = performance.now();
  await promise.catch(() => undefined);
  return performance.now() - before;
}

it('HTTPS:// in capitals is https', async () => {
  const file = (name: string) => readFileSync(path.join(__dirname, '..', 'fixtures', 'tls', name), 'utf8');
  const server = createTlsServer(
    { key: file('key.pem'), cert: file('certificate.pem') },
    (request, response) => request.resume().on('end', () => response.end('{}')),
  );
  const message = {
    ...to(`HTTPS://127.0.0.1:${await listening(server)}/`),
    tls: { ca: file('certificate.pem') },
  };
  expect(await open().post(message, never())).toMatchObject({ status: 200, body: Buffer.from('{}') });
});

describe('an answer whose rest never comes', () => {
  it('is an answer after a second, and its connection is not kept', async () => {
    const connections: Socket[] = [];
    const message = await serve((socket) => {
      connections.push(socket);
      socket.write(HANGS);
    });
    expect(await open().post(message, never())).toMatchObject({ status: 200, body: Buffer.from('{') });
    const [connection] = connections;
    if (connection?.closed === false) await once(connection, 'close');
  });

  it('is an answer at once for whom the status is enough', async () => {
    const message = await serve((socket) => socket.write(HANGS));
    const head = open().head(message, never());
    expect(await msOf(head)).toBeLessThan(900);
    expect(await head).toMatchObject({ status: 200 });
  });

  it('is an answer when the time is over', async () => {
    const ending = new AbortController();
    const message = await serve((socket) => {
      socket.write(HANGS);
      setTimeout(() => ending.abort(), 100);
    });
    const answer = open().post(message, ending.signal);
    expect(await msOf(answer)).toBeLessThan(900);
    expect(await answer).toMatchObject({ status: 200, body: Buffer.from('{') });
  });
});

it('an answer that makes something else of the connection is an answer, and ends it', async () => {
  const connections: Socket[] = [];
  const message = await serve((socket) => {
    connections.push(socket);
    socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n');
  });
  expect(await open().post(message, never())).toMatchObject({ status: 101 });
  const [connection] = connections;
  if (connection?.closed === false) await once(connection, 'close');
});

describe('a connection', () => {
  it('that was kept and has died in silence loses no message', async () => {
    let taken = 0;
    const message = await serve((socket, earlier) => {
      if (earlier > 0) return socket.resetAndDestroy();
      taken += 1;
      return socket.write(OK);
    });
    const poster = open();
    for (let count = 1; count <= 5; count += 1) {
      expect(await poster.post(message, never())).toMatchObject({ status: 200 });
      expect(taken).toBe(count);
    }
  });

  it('that is new and is reset is not tried again', async () => {
    let requests = 0;
    const message = await serve((socket) => {
      requests += 1;
      socket.resetAndDestroy();
    });
    await expect(open().post(message, never())).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(requests).toBe(1);
  });

  it('that nobody uses is ended before the other side ends it', async () => {
    const connections: Socket[] = [];
    const message = await serve((socket) => {
      connections.push(socket);
      socket.write(OK);
    });
    await open().post(message, never());
    const [connection] = connections;
    const closed =
      connection === undefined ? Promise.reject(new Error('no connection')) : once(connection, 'close');
    expect(await msOf(closed)).toBeLessThan(4900);
  });
});

it('a message that waits for a connection is given up when its time is over, or its place is lost for good', async () => {
  let requests = 0;
  const message = await serve(() => void (requests += 1));
  const poster = open();
  const others = Array.from({ length: 64 }, () => new AbortController());
  const all = others.map(({ signal }) => poster.post(message, signal).catch(() => undefined));
  const ending = new AbortController();
  const last = poster.post(message, ending.signal);
  ending.abort(new Error('late'));
  await expect(last).rejects.toThrow('late');
  for (const other of others) other.abort();
  await Promise.all(all);
  expect(requests).toBeLessThanOrEqual(64);
  await expect(poster.post(message, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
});

it('a host is looked up once for all, and what is known of it is handed on with the message', async () => {
  const asked: string[] = [];
  const addresses = createAddresses({
    ask: (host) => {
      asked.push(host);
      return Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    },
  });
  const { url } = await serve((socket) => socket.write(OK));
  const message = to(url.replace('127.0.0.1', 'collector.invalid'));
  const poster = open(addresses);
  expect(poster.located(message)).toEqual(message);
  const answers = await Promise.all(Array.from({ length: 20 }, () => poster.post(message, never())));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  expect(asked).toEqual(['collector.invalid']);
  const elsewhere = open(createAddresses({ ask: () => Promise.reject(new Error('nobody is to ask')) }));
  expect(await elsewhere.post(poster.located(message), never())).toMatchObject({ status: 200 });
  await expect(open().post({ ...message, addresses: [] }, never())).rejects.toMatchObject({
    code: 'ENOTFOUND',
  });
});
