import { get } from 'node:http';
import { ask, closeServers, createGate, createRecordingLogger, open, speak } from './support';

afterEach(closeServers);

const OPEN_METRICS = { headers: { accept: 'application/openmetrics-text;version=1.0.0' } };
const EXPOSITION = { contentType: 'text/plain; version=0.0.4; charset=utf-8', body: 'bot_ready 1\n' };

describe('/metrics', () => {
  it('gives text with its exact content type to who asks for nothing else', async () => {
    const answer = await ask(await open(), '/metrics');
    expect(answer).toMatchObject({ status: 200, body: EXPOSITION.body });
    expect(answer.headers).toMatchObject({ 'content-type': EXPOSITION.contentType, vary: 'accept' });
  });

  it('gives OpenMetrics with its exact content type to who asks for it', async () => {
    const answer = await ask(await open(), '/metrics', OPEN_METRICS);
    expect(answer).toMatchObject({ status: 200, body: '# EOF\n' });
    expect(answer.headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
  });

  it('collects once for scrapes at the same time, each format its own, and anew for the next', async () => {
    const [started, gate] = [createGate(), createGate()];
    const exposed: boolean[] = [];
    let updates = 0;
    const expose = async (openMetrics: boolean) => {
      exposed.push(openMetrics);
      started.open();
      await gate.opened;
      return EXPOSITION;
    };
    const server = await open({ metrics: { expose }, onScrape: () => (updates += 1) });
    const scrape = (more: string) => `GET /metrics HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;
    const openMetrics = scrape('Accept: application/openmetrics-text\r\n');
    // In one write, so that all have arrived when the first is being answered.
    const { end } = await speak(
      server,
      scrape('') + openMetrics + scrape('') + openMetrics + scrape('Connection: close\r\n'),
    );
    await started.opened;
    gate.open();
    expect((await end).split(EXPOSITION.body)).toHaveLength(6);
    expect(exposed).toEqual([false, true]);
    expect(updates).toBe(2);
    await ask(server, '/metrics');
    expect(exposed).toHaveLength(3);
  });

  it('is not lost for the next scrape when one fails', async () => {
    const logger = createRecordingLogger();
    let failing = true;
    const expose = () =>
      failing ? Promise.reject(new Error('a collector broke')) : Promise.resolve(EXPOSITION);
    const server = await open({ logger, metrics: { expose } });
    expect((await ask(server, '/metrics')).status).toBe(500);
    expect(logger.lines.map(({ level }) => level)).toEqual(['error']);
    failing = false;
    expect((await ask(server, '/metrics')).status).toBe(200);
  });

  it('is still answered when a gauge cannot be brought up to date', async () => {
    const logger = createRecordingLogger();
    const onScrape = () => {
      throw new Error('no reading');
    };
    expect((await ask(await open({ logger, onScrape }), '/metrics')).status).toBe(200);
    expect(logger.lines.map(({ level }) => level)).toEqual(['warn']);
  });

  it('goes on when a scraper hangs up before it is answered', async () => {
    const logger = createRecordingLogger();
    const [started, gate, gone] = [createGate(), createGate(), createGate()];
    const expose = async () => {
      started.open();
      await gate.opened;
      return EXPOSITION;
    };
    const server = await open({ logger, metrics: { expose } });
    const scrape = get(`${server.url}/metrics`, { agent: false });
    scrape.on('error', () => gone.open());
    await started.opened;
    scrape.destroy();
    await gone.opened;
    gate.open();
    expect((await ask(server, '/metrics')).status).toBe(200);
    expect(logger.lines).toEqual([]);
  });
});
