import { ask, closeServers, open, speak } from './support';

afterEach(closeServers);

const TOKEN = 'correct horse-bätterý';
const PROBES = ['/livez', '/readyz', '/healthz'];

/** Node writes header strings as latin1; the bytes on the wire are to be UTF-8. */
function bearer(token: string, scheme = 'Bearer') {
  return { headers: { authorization: `${scheme} ${Buffer.from(token, 'utf8').toString('latin1')}` } };
}

describe('with METRICS_TOKEN', () => {
  it.each(PROBES)('leaves %s open, for a kubelet carries no token', async (path) => {
    expect((await ask(await open({ token: TOKEN }), path)).status).toBe(200);
  });

  it.each(['/', '/metrics', '/METRICS', '/api/stats', '/api//stats', '/nothing'])(
    'shows nothing of %s to who has no token',
    async (path) => {
      const answer = await ask(await open({ token: TOKEN }), path);
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="telltale"');
      expect(JSON.parse(answer.body)).toEqual({
        error: 'This needs the header "Authorization: Bearer <METRICS_TOKEN>".',
      });
    },
  );

  it.each(['correct', `${TOKEN}x`, TOKEN.toUpperCase(), ' '])('refuses the wrong token %p', async (given) => {
    expect((await ask(await open({ token: TOKEN }), '/metrics', bearer(given))).status).toBe(401);
  });

  it.each(['Bearer', 'bearer'])('lets the right token pass as %s', async (scheme) => {
    const server = await open({ token: TOKEN });
    for (const path of ['/', '/metrics', '/api/stats']) {
      expect((await ask(server, path, bearer(TOKEN, scheme))).status).toBe(200);
    }
  });

  it('needs no loopback host name, so that a proxy may stand before it', async () => {
    const server = await open({ token: TOKEN });
    const headers = { ...bearer(TOKEN).headers, host: 'bot.example' };
    expect((await ask(server, '/api/stats', { headers })).status).toBe(200);
  });

  it('takes an empty token for no key', async () => {
    const server = await open({ token: '' });
    expect((await ask(server, '/metrics', bearer(''))).status).toBe(401);
  });
});

describe('without a token, on an address that the network can reach', () => {
  it.each(['/api/stats', '/API/stats', '/api/nothing'])(
    'keeps %s shut and says what to set',
    async (path) => {
      const answer = await ask(await open({ host: '0.0.0.0' }), path);
      expect(answer.status).toBe(401);
      expect(answer.headers).toHaveProperty('www-authenticate');
      expect(answer.body).toContain('Set METRICS_TOKEN');
    },
  );

  it('still gives metrics and probes', async () => {
    const server = await open({ host: '0.0.0.0' });
    for (const path of [...PROBES, '/metrics']) expect((await ask(server, path)).status).toBe(200);
  });
});

describe('without a token, on loopback', () => {
  it.each(['localhost', 'LOCALHOST:9464', '127.0.0.1:9464', '127.1.2.3', '[::1]', '[::1]:9464'])(
    'answers a request for the host %s',
    async (host) => {
      expect((await ask(await open(), '/api/stats', { headers: { host } })).status).toBe(200);
    },
  );

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.nip.io:9464',
    '192.168.0.1',
    '[::2]',
    '128.0.0.1',
  ])('tells a page that had its name resolved to this machine, %s, nothing', async (host) => {
    const server = await open();
    const answer = await ask(server, '/api/stats', { headers: { host } });
    expect(answer.status).toBe(403);
    expect(answer.body).toContain('Host header');
    expect((await ask(server, '/metrics', { headers: { host } })).status).toBe(200);
  });

  it('does not take a missing host for a right one', async () => {
    const { end } = await speak(await open(), 'GET /api/stats HTTP/1.0\r\n\r\n');
    expect(await end).toMatch(/^HTTP\/1.1 403 /);
  });
});
