import { execFile } from 'node:child_process';
import type { RequestListener } from 'node:http';
import path from 'node:path';
import type { Message } from '../../src/post/message';
import { startServer } from '../tracing/support';

/** The compiled thread that posts while its process exits. */

const COMPILED = path.join(__dirname, '..', '..', 'dist', 'src');

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

interface Ended {
  readonly code: unknown;
  /** By message: 1 where it was not taken. */
  readonly lost: readonly number[];
  readonly tookMs: number;
  /** All that the process wrote. */
  readonly text: string;
}

function end(messages: readonly Partial<Message>[], environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const line = [path.join(__dirname, 'ending.cjs'), COMPILED, JSON.stringify(messages)];
  const env = { PATH: process.env.PATH, ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, line, { env }, (error, stdout, stderr) => {
      const told = JSON.parse(/^\{.*\}$/m.exec(stderr)?.[0] ?? '{}') as Pick<Ended, 'lost' | 'tookMs'>;
      resolve({ ...told, code: error?.code, text: stdout + stderr });
    });
  });
}

async function serve(handle: RequestListener): Promise<string> {
  const { url, close } = await startServer(handle);
  closers.push(close);
  return url;
}

it('what is sent at the exit goes where the bot has found its host, and the exit waits for no lookup', async () => {
  const taken: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    taken.push(request.headers.host);
    response.end();
  });
  const named = url.replace('127.0.0.1', 'collector.invalid');
  const { code, lost, tookMs } = await end([
    { url: named, addresses: [{ address: '127.0.0.1', family: 4 }] },
    { url: named, addresses: [] },
    { url },
  ]);
  expect({ code, lost }).toEqual({ code: 3, lost: [0, 1, 0] });
  expect(tookMs).toBeLessThan(1800);
  expect(taken.sort()).toEqual([new URL(url).host, new URL(named).host]);
});

it('what was answered is taken, also if the rest of the answer hangs, and is not waited for', async () => {
  const url = await serve(
    (_, response) => void response.writeHead(200, { 'content-length': 100 }).write('{'),
  );
  const { lost, tookMs } = await end([{ url }]);
  expect(lost).toEqual([0]);
  expect(tookMs).toBeLessThan(1800);
});

it('what NODE_OPTIONS has the bot load is not loaded a second time while it exits', async () => {
  const url = await serve((_, response) => response.end());
  const { lost, text } = await end([{ url }], {
    NODE_OPTIONS: `--require "${path.join(__dirname, 'preloaded.cjs')}"`,
  });
  expect(lost).toEqual([0]);
  expect(text.match(/preloaded/g)).toHaveLength(1);
});
