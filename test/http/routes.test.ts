import type { StatsQuery } from '../../src/stats/stats';
import { ask, closeServers, createRecordingLogger, EMPTY_SUMMARY, open } from './support';

afterEach(closeServers);

describe('the probes', () => {
  it('tell a supervisor that the process lives', async () => {
    expect(await ask(await open(), '/livez')).toMatchObject({ status: 200, body: 'ok' });
  });

  it('tell a load balancer that commands can be taken', async () => {
    const answer = await ask(await open(), '/readyz');
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({ ready: true, reasons: [] });
  });

  it('name the reasons while commands cannot be taken, and read them anew each time', async () => {
    const reasons = ['shard 0 is not connected'];
    const server = await open({ readiness: () => ({ ready: reasons.length === 0, reasons }) });
    const answer = await ask(server, '/readyz');
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.body)).toEqual({ ready: false, reasons: ['shard 0 is not connected'] });
    reasons.pop();
    expect((await ask(server, '/readyz')).status).toBe(200);
  });

  it.each([
    ['ok', 200],
    ['warn', 200],
    ['fail', 503],
  ] as const)(
    'answer a health report of %s with %i, so that a warning restarts nothing',
    async (status, code) => {
      const report = { status, checks: {}, version: '1', commit: 'c', uptime: 2 };
      const answer = await ask(await open({ health: { report: () => Promise.resolve(report) } }), '/healthz');
      expect(answer.status).toBe(code);
      expect(JSON.parse(answer.body)).toEqual(report);
    },
  );
});

describe('/api/stats', () => {
  it('gives the summary of the last 24 hours as it stands when nothing is asked', async () => {
    const answer = await ask(await open(), '/api/stats');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(answer.body)).toEqual(EMPTY_SUMMARY);
  });

  it.each([
    ['?period=7d&command=ping', { period: '7d', command: 'ping' }],
    ['?period=all', { period: 'all' }],
    ['?period=&command=', { period: '24h' }],
  ])('asks the store exactly what %s says', async (search, expected) => {
    const asked: StatsQuery[] = [];
    const server = await open({
      stats: {
        summary: (query) => {
          asked.push(query);
          return Promise.resolve(EMPTY_SUMMARY);
        },
        commandNames: () => ['ping'],
      },
    });
    await ask(server, `/api/stats${search}`);
    expect(asked).toEqual([expected]);
  });

  it.each([
    ['period=2h', 'period is "2h", and must be one of "1h", "24h", "7d", "30d", "all".'],
    [
      'period=1h&period=7d',
      'period is given more than once, and must be one of "1h", "24h", "7d", "30d", "all".',
    ],
    ['command=nope', 'command is "nope", and must be one of "ping", "stats".'],
    ['command=toString', 'command is "toString", and must be one of "ping", "stats".'],
  ])('says what is wrong with %s and what it can be', async (search, error) => {
    const answer = await ask(await open(), `/api/stats?${search}`);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({ error });
  });

  it('keeps an error short that could hold thousands of names or a long input', async () => {
    const commandNames = () => Array.from({ length: 5000 }, (_, index) => `command-${index}`);
    const server = await open({ stats: { summary: () => Promise.resolve(EMPTY_SUMMARY), commandNames } });
    const answer = await ask(server, `/api/stats?command=${'x'.repeat(4000)}`);
    expect(answer.body.length).toBeLessThan(1500);
    expect(answer.body).toContain('or 4950 more');
  });

  it('does not show a client why the store failed, but logs it', async () => {
    const logger = createRecordingLogger();
    const error = new Error('postgres://user:secret@db is away');
    const stats = { summary: () => Promise.reject(error), commandNames: () => [] };
    const answer = await ask(await open({ logger, stats }), '/api/stats?period=1h');
    expect(answer.status).toBe(500);
    expect(JSON.parse(answer.body)).toEqual({
      error: 'The request could not be answered. The reason is in the log.',
    });
    expect(logger.lines).toEqual([
      expect.objectContaining({ level: 'error', fields: { error, method: 'GET', path: '/api/stats' } }),
    ]);
  });
});

describe('every path', () => {
  it('is named by the index', async () => {
    const { body } = await ask(await open(), '/');
    for (const path of ['/metrics', '/livez', '/readyz', '/healthz', '/api/stats'])
      expect(body).toContain(path);
  });

  it.each(['/livez', '/metrics', '/api/stats', '/', '/nothing'])(
    'keeps %s out of caches and content sniffing, and does not name the software',
    async (path) => {
      const { headers } = await ask(await open(), path);
      expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
      expect(headers).not.toHaveProperty('x-powered-by');
    },
  );

  it.each(['/livez', '/readyz', '/healthz', '/metrics', '/api/stats', '/'])(
    'answers HEAD %s with the headers of GET and no body',
    async (path) => {
      const server = await open();
      const get = await ask(server, path);
      const head = await ask(server, path, { method: 'HEAD' });
      expect(head).toMatchObject({ status: 200, body: '' });
      expect(head.headers['content-length']).toBe(String(Buffer.byteLength(get.body)));
      expect(head.headers['content-type']).toBe(get.headers['content-type']);
    },
  );

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])(
    'says which methods it takes when sent %s',
    async (method) => {
      const answer = await ask(await open(), '/api/stats', { method });
      expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
      expect(JSON.parse(answer.body)).toEqual({ error: 'Only GET and HEAD are answered here.' });
    },
  );

  it.each(['/nothing', '/api', '/api/nothing', '/%zz', '/metrics/../../etc/passwd'])(
    'answers %s, where nothing is, with 404 in JSON',
    async (path) => {
      const answer = await ask(await open(), path);
      expect(answer.status).toBe(404);
      expect(JSON.parse(answer.body)).toHaveProperty('error');
    },
  );
});
