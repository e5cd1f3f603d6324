import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { ChartError, createCharts, type Charts, type ChartsOptions } from '../../src/charts/charts';
import { chart, decode, points } from './support';

/** As `npm run build` compiles it. */
const threadFile = path.resolve(__dirname, '..', '..', 'dist', 'src', 'charts', 'thread.js');
const directory = mkdtempSync(path.join(os.tmpdir(), 'telltale-charts-'));
const opened: Charts[] = [];

afterEach(() => Promise.all(opened.splice(0).map((charts) => charts.close())));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function open(options: Partial<ChartsOptions> = {}): Charts {
  const charts = createCharts({ threadFile, ...options });
  opened.push(charts);
  return charts;
}

/** A thread that runs these lines, and then the real one. */
function threadAfter(name: string, lines: string): string {
  const file = path.join(directory, `${name}.js`);
  writeFileSync(file, `const { parentPort } = require('node:worker_threads');\n${lines}\n`);
  return file;
}

const realThread = `require(${JSON.stringify(threadFile)});`;
const many = chart({ points: points(720, (index) => ({ ok: 100 + index, refused: 7, failed: index % 5 })) });

it('draws a picture', async () => {
  const png = await open().draw(chart());
  expect(Buffer.from(png).subarray(1, 4).toString()).toBe('PNG');
  expect((await decode(png)).colourAt(0, 0)).toBe('transparent');
});

it('draws 720 points in time, and leaves the event loop to the commands', async () => {
  const charts = open();
  await charts.draw(many); // The thread is up.
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const begun = performance.now();
  for (let drawn = 0; drawn < 5; drawn += 1) await charts.draw(many);
  const eachMs = (performance.now() - begun) / 5;
  delay.disable();
  expect(eachMs).toBeLessThan(500); // 40 ms on a machine with nothing else to do.
  expect(delay.percentile(90) / 1e6).toBeLessThan(20);
});

it('keeps its memory, however many charts it draws', async () => {
  const charts = open();
  const draw = async (count: number) => {
    for (let drawn = 0; drawn < count; drawn += 1) await charts.draw(many);
  };
  await draw(10);
  const before = process.memoryUsage.rss();
  await draw(40);
  // 40 canvases of 4.4 MB that were never freed would be 175 MB.
  expect((process.memoryUsage.rss() - before) / 1e6).toBeLessThan(90);
});

it('draws the next chart, and those that wait, after the thread died of one', async () => {
  const charts = open({
    threadFile: threadAfter(
      'dies',
      `parentPort.on('message', ({ chart }) => { if (chart.title === 'deadly') process.exit(1); });\n${realThread}`,
    ),
  });
  const [first, deadly, waiting] = await Promise.allSettled([
    charts.draw(chart()),
    charts.draw(chart({ title: 'deadly' })),
    charts.draw(chart()),
  ]);
  expect(first.status).toBe('fulfilled');
  expect(deadly).toMatchObject({ reason: expect.any(ChartError) });
  expect(waiting.status).toBe('fulfilled');
  await charts.draw(chart());
});

it('gives up a chart that takes too long, and draws those after it', async () => {
  const charts = open({
    limitMs: 1500,
    threadFile: threadAfter(
      'hangs',
      `const never = new Int32Array(new SharedArrayBuffer(4));
       parentPort.on('message', ({ chart }) => { if (chart.title === 'endless') Atomics.wait(never, 0, 0); });\n${realThread}`,
    ),
  });
  await expect(charts.draw(chart({ title: 'endless' }))).rejects.toThrow('it took longer than 1.5 s');
  await charts.draw(chart());
});

it('says why there is no picture where the library cannot be loaded', async () => {
  const charts = open({
    threadFile: threadAfter(
      'unbuilt',
      `const module_ = require('node:module');
       const load = module_._load;
       module_._load = (name, ...rest) => {
         if (name === '@napi-rs/canvas') throw new Error('Cannot find native binding');
         return load(name, ...rest);
       };
       ${realThread}`,
    ),
  });
  await expect(charts.draw(chart())).rejects.toThrow(/not drawn: Cannot find native binding \(on \w+ \w+\)/);
});

it('says which thread is missing where it was not compiled', async () => {
  const charts = open({ threadFile: path.join(directory, 'missing.js') });
  await expect(charts.draw(chart())).rejects.toThrow('missing.js');
});

it('ends the thread when it has nothing to do, and starts another for the next chart', async () => {
  // Instead of a picture it answers with a port, whose connections live as long as the thread.
  const threadWithPort = threadAfter(
    'port',
    `const server = require('node:net').createServer(() => {});
     const listening = new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
     parentPort.on('message', async ({ id }) => {
       await listening;
       parentPort.postMessage({ type: 'drawn', id, png: Uint16Array.of(server.address().port) });
     });`,
  );
  const charts = open({ threadFile: threadWithPort, idleMs: 200 });
  const [port] = await charts.draw(chart());
  const connection = connect(port!, '127.0.0.1').resume();
  connection.on('error', () => undefined); // However it is cut off.
  await once(connection, 'close');
  const [another] = await charts.draw(chart());
  expect(another).not.toBe(port);
});

it('refuses more charts than it could draw in time, and draws the others', async () => {
  const charts = open({ limitMs: 20_000 });
  const asked = await Promise.allSettled(Array.from({ length: 21 }, () => charts.draw(chart())));
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
  expect(asked[20]).toMatchObject({ reason: { message: expect.stringMatching(/^20 charts are waiting/) } });
});

it('leaves nobody waiting when it is closed', async () => {
  const charts = open();
  const waiting = [charts.draw(chart()), charts.draw(chart())];
  const [closed, ...answers] = await Promise.allSettled([charts.close(), ...waiting]);
  expect(closed.status).toBe('fulfilled');
  for (const answer of answers) expect(answer).toMatchObject({ reason: expect.any(ChartError) });
  await expect(charts.draw(chart())).rejects.toThrow('The charts are closed.');
  await charts.close();
});
