import {
  StoreUnavailableError,
  type InvocationsQuery,
  type StatsQuery,
  type StoredInvocation,
} from '../../src/stats/stats';
import { ask, closeServers, createRecordingLogger, EMPTY_SUMMARY, fakeStats, open } from './support';

afterEach(closeServers);

describe('the probes', () => {
  it('tell a supervisor that the process lives', async () => {
    expect(await ask(await open(), '/livez')).toMatchObject({ status: 200, body: 'ok' });
  });

  it('ask for a new process where only that helps, with each reason on a line, and take it back', async () => {
    const reasons = ['shard 0 is deaf', 'shard 3 is closed for good'];
    const server = await open({ liveness: () => ({ live: reasons.length === 0, reasons }) });
    expect(await ask(server, '/livez')).toMatchObject({
      status: 503,
      body: 'shard 0 is deaf\nshard 3 is closed for good',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    });
    reasons.length = 0;
    expect(await ask(server, '/livez')).toMatchObject({ status: 200, body: 'ok' });
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
    ['?command=ticket', { period: '24h', command: 'ticket' }],
    ['?command=ticket:close', { period: '24h', command: 'ticket:close' }],
    ['?period=&command=', { period: '24h' }],
  ])('asks the store exactly what %s says', async (search, expected) => {
    const asked: StatsQuery[] = [];
    const stats = fakeStats({
      summary: (query) => {
        asked.push(query);
        return Promise.resolve(EMPTY_SUMMARY);
      },
    });
    await ask(await open({ stats }), `/api/stats${search}`);
    expect(asked).toEqual([expected]);
  });

  it.each([
    ['period=2h', 'period is "2h", and must be one of "1h", "24h", "7d", "30d", "all".'],
    [
      'period=1h&period=7d',
      'period is given more than once, and must be one of "1h", "24h", "7d", "30d", "all".',
    ],
    ['command=nope', 'command is "nope", and must be one of "ping", "ticket close", "ticket:close".'],
    ['command=tick', 'command is "tick", and must be one of "ping", "ticket close", "ticket:close".'],
    ['command=toString', 'command is "toString", and must be one of "ping", "ticket close", "ticket:close".'],
  ])('says what is wrong with %s and what it can be', async (search, error) => {
    const answer = await ask(await open(), `/api/stats?${search}`);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({ error });
  });

  it('keeps an error short that could hold thousands of names or a long input', async () => {
    const commandNames = () => Array.from({ length: 5000 }, (_, index) => `command-${index}`);
    const server = await open({ stats: fakeStats({ commandNames }) });
    const answer = await ask(server, `/api/stats?command=${'x'.repeat(4000)}`);
    expect(answer.body.length).toBeLessThan(1500);
    expect(answer.body).toContain('or 4950 more');
  });

  it('does not show a client why the store failed, but logs it', async () => {
    const logger = createRecordingLogger();
    const error = new Error('postgres://user:secret@db is away');
    const stats = fakeStats({ summary: () => Promise.reject(error) });
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

describe('/api/invocations', () => {
  const STORED: StoredInvocation = {
    at: '2026-01-01T00:00:00.000Z',
    command: 'ping',
    kind: 'chat_input',
    outcome: 'failed',
    reason: 'exception',
    fingerprint: '0123456789ab',
    message: 'boom',
    guildId: '1234567890123456789',
    userHash: 'a hash',
    durationMs: 12.5,
    ackMs: null,
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    shard: 0,
    version: '1.2.3',
    commit: 'abc',
  };

  it('gives what the store found, whole, under a name that leaves room for more', async () => {
    const stats = fakeStats({ invocations: () => Promise.resolve([STORED]) });
    const answer = await ask(await open({ stats }), '/api/invocations');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(answer.body)).toEqual({ invocations: [STORED] });
  });

  it.each([
    ['', { limit: 50 }],
    ['?trace=&outcome=&command=&limit=', { limit: 50 }],
    ['?trace=4BF92F35', { trace: '4bf92f35', limit: 50 }],
    [
      `?trace=${STORED.traceId}&outcome=failed&command=ping&limit=500`,
      { trace: STORED.traceId, outcome: 'failed', command: 'ping', limit: 500 },
    ],
    ['?limit=1', { limit: 1 }],
  ])('asks the store exactly what "%s" says', async (search, expected) => {
    const asked: InvocationsQuery[] = [];
    const stats = fakeStats({
      invocations: (query) => {
        asked.push(query);
        return Promise.resolve([]);
      },
    });
    await ask(await open({ stats }), `/api/invocations${search}`);
    expect(asked).toEqual([expected]);
  });

  const TRACE = 'a trace id or the first 8 or more of its 32 hexadecimal digits';
  it.each([
    ['trace=4bf92f3', `trace is "4bf92f3", and must be ${TRACE}.`],
    ['trace=4bf92f3g', `trace is "4bf92f3g", and must be ${TRACE}.`],
    [`trace=${STORED.traceId}0`, `trace is "${STORED.traceId}0", and must be ${TRACE}.`],
    ['trace=4bf92f35&trace=4bf92f36', `trace is given more than once, and must be ${TRACE}.`],
    ['outcome=broken', 'outcome is "broken", and must be one of "ok", "refused", "failed".'],
    ['command=nope', 'command is "nope", and must be one of "ping", "ticket close", "ticket:close".'],
    ['limit=0', 'limit is "0", and must be a whole number from 1 to 500.'],
    ['limit=501', 'limit is "501", and must be a whole number from 1 to 500.'],
    ['limit=1.5', 'limit is "1.5", and must be a whole number from 1 to 500.'],
    ['limit=-1', 'limit is "-1", and must be a whole number from 1 to 500.'],
  ])('says what is wrong with %s and what it can be', async (search, error) => {
    const answer = await ask(await open(), `/api/invocations?${search}`);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({ error });
  });

  it.each([
    ['token', { token: 'secret' }, {}, 401],
    ['name of this machine', {}, { host: 'evil.example' }, 403],
  ])('shows nothing to whoever lacks the %s', async (_what, options, headers, status) => {
    const stats = fakeStats({ invocations: () => Promise.resolve([STORED]) });
    const answer = await ask(await open({ stats, ...options }), '/api/invocations', { headers });
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain('boom');
  });
});

describe.each(['/api/stats', '/api/invocations'])('%s while the database is away', (path) => {
  it('says why, and when to ask again', async () => {
    const logger = createRecordingLogger();
    const away = () => Promise.reject(new StoreUnavailableError('PostgreSQL does not answer.'));
    const stats = fakeStats({ summary: away, invocations: away });
    const answer = await ask(await open({ logger, stats }), path);
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect(JSON.parse(answer.body)).toEqual({ error: 'PostgreSQL does not answer.' });
    expect(logger.lines).toEqual([]);
  });
});

describe('every path', () => {
  it('is named by the index', async () => {
    const { body } = await ask(await open(), '/');
    for (const path of ['/metrics', '/livez', '/readyz', '/healthz', '/api/stats', '/api/invocations'])
      expect(body).toContain(path);
  });

  it.each(['/livez', '/metrics', '/api/stats', '/api/invocations', '/', '/nothing'])(
    'keeps %s out of caches and content sniffing, and does not name the software',
    async (path) => {
      const { headers } = await ask(await open(), path);
      expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
      expect(headers).not.toHaveProperty('x-powered-by');
    },
  );

  it.each(['/livez', '/readyz', '/healthz', '/metrics', '/api/stats', '/api/invocations', '/'])(
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
