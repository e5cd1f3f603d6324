import { Agent } from 'node:http';
import { createServer } from 'node:net';
import { ListenError } from '../../src/http/listen-error';
import { startHttp, type HttpServer } from '../../src/http/server';
import { ask, closeServers, createGate, httpOptions, open, speak } from './support';

afterEach(closeServers);

const IMPATIENT = {
  headersTimeoutSeconds: 0.2,
  requestTimeoutSeconds: 0.3,
  checkIntervalSeconds: 0.05,
  keepAliveTimeoutSeconds: 60,
  idleTimeoutSeconds: 60,
};
const EXPOSITION = { contentType: 'text/plain', body: 'bot_ready 1\n' };

describe('a client that takes its time', () => {
  it.each([
    ['sends its headers one at a time', 'GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: '],
    [
      'announces a body and does not send it',
      'POST /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n',
    ],
    ['sends nothing at all', ''],
  ])('is cut off when it %s', async (_behaviour, text) => {
    const server = await open({ limits: IMPATIENT });
    const { end } = await speak(server, text);
    expect(await end).toMatch(/^(HTTP\/1.1 (408|405) |$)/);
    expect((await ask(server, '/livez')).status).toBe(200);
  });

  it('is cut off when it does not read the answer, and its place is free again', async () => {
    const body = 'x'.repeat(32 * 2 ** 20);
    const server = await open({
      metrics: { expose: () => Promise.resolve({ contentType: 'text/plain', body }) },
      limits: { idleTimeoutSeconds: 0.3, maxConnections: 1 },
    });
    const { socket, end } = await speak(server, 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
    socket.pause();
    await untilAnswered(server);
    socket.resume();
    expect((await end).length).toBeLessThan(body.length);
  });

  it('cannot take the places of all others', async () => {
    const server = await open({ limits: { maxConnections: 1 } });
    const first = await speak(server, 'GET /livez HTTP/1.1\r\nHost: localhost\r\n');
    expect(await (await speak(server, 'GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n')).end).toBe('');
    first.socket.destroy();
    await untilAnswered(server);
  });
});

describe('a client that sends too much or nonsense', () => {
  it.each([
    ['an endless URL', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 431],
    ['an endless header', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['another protocol', 'EHLO localhost\r\n\r\n', 400],
  ])('is told so for %s, and the next is served', async (_what, text, status) => {
    const server = await open();
    expect(await (await speak(server, text)).end).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect((await ask(server, '/livez')).status).toBe(200);
  });
});

describe('closing', () => {
  it('does not wait for a connection that is kept alive', async () => {
    const server = await open({ limits: { closeGraceSeconds: 20, keepAliveTimeoutSeconds: 20 } });
    const agent = new Agent({ keepAlive: true });
    await ask(server, '/livez', { agent });
    const startedAt = performance.now();
    await server.close();
    expect(performance.now() - startedAt).toBeLessThan(5000);
    agent.destroy();
  });

  it('lets a request in flight finish, and then not its connection hold it', async () => {
    const [started, gate] = [createGate(), createGate()];
    const expose = async () => {
      started.open();
      await gate.opened;
      return EXPOSITION;
    };
    const server = await open({
      metrics: { expose },
      limits: { closeGraceSeconds: 20, keepAliveTimeoutSeconds: 20 },
    });
    const agent = new Agent({ keepAlive: true });
    const answer = ask(server, '/metrics', { agent });
    await started.opened;
    const startedAt = performance.now();
    const closed = server.close();
    await expect(ask(server, '/livez')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    gate.open();
    expect((await answer).body).toBe(EXPOSITION.body);
    await closed;
    expect(performance.now() - startedAt).toBeLessThan(5000);
    agent.destroy();
  });

  it('does not wait for ever for a request that hangs, or for half a request', async () => {
    const started = createGate();
    const expose = () => {
      started.open();
      return new Promise<never>(() => undefined);
    };
    const server = await open({ metrics: { expose }, limits: { closeGraceSeconds: 0.1 } });
    const hanging = expect(ask(server, '/metrics')).rejects.toMatchObject({ code: 'ECONNRESET' });
    const half = await speak(server, 'GET /livez HTTP/1.1\r\nHost: ');
    await started.opened;
    await server.close();
    await Promise.all([hanging, half.end]);
  });

  it('may be asked for again, and frees the port', async () => {
    const server = await open();
    await Promise.all([server.close(), server.close()]);
    await server.close();
    const again = await open({ port: server.port });
    expect(again.port).toBe(server.port);
  });
});

describe('opening', () => {
  it('says which port is taken, and what to set', async () => {
    const { port } = await open();
    const failed = startHttp(httpOptions({ port }));
    await expect(failed).rejects.toBeInstanceOf(ListenError);
    await expect(failed).rejects.toMatchObject({
      code: 'EADDRINUSE',
      message:
        `The HTTP server cannot listen on host 127.0.0.1, port ${port}: another program has the port (EADDRINUSE). ` +
        'Set METRICS_PORT to a free one, or ENABLE_METRICS=false to run without the server.',
    });
  });

  it.each([
    ['192.0.2.1', 0, 'EADDRNOTAVAIL', 'METRICS_HOST'],
    ['127.0.0.1', 70_000, 'ERR_SOCKET_BAD_PORT', 'METRICS_PORT'],
  ])('says what to set when %s, port %i cannot be had', async (host, port, code, setting) => {
    const failed = startHttp(httpOptions({ host, port }));
    await expect(failed).rejects.toMatchObject({ name: 'ListenError', host, port, code });
    await expect(failed).rejects.toThrow(setting);
  });

  it('explains a port that this user may not open', () => {
    const cause = Object.assign(new Error('listen EACCES'), { code: 'EACCES' });
    expect(new ListenError('127.0.0.1', 80, cause).message).toContain('Set METRICS_PORT to one above 1023');
  });

  it('gives a URL that works for an IPv6 host', async () => {
    if (!(await hasIPv6())) return;
    const server = await open({ host: '::1' });
    expect(server.url).toBe(`http://[::1]:${server.port}`);
    expect((await ask(server, '/api/stats')).status).toBe(200);
  });
});

/** Asks until there is a place for the question. */
async function untilAnswered(server: HttpServer): Promise<void> {
  const answered = await ask(server, '/livez').then(
    () => true,
    () => false,
  );
  if (!answered) await untilAnswered(server);
}

function hasIPv6(): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(0, '::1', () => probe.close(() => resolve(true)));
  });
}
