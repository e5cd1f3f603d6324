import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createPoster } from '../../src/post/post';
import { postRepeatedly } from '../../src/tracing/repeat';
import { startReceiver } from './support';

/** How long an export may take. */

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

it('the time of an export ends although memory is tidied up meanwhile, or nothing would be sent after it', async () => {
  const receiver = await startReceiver(() => undefined);
  closers.push(receiver.close);
  const poster = createPoster();
  closers.push(poster.close);
  const tidying = setInterval(collectGarbage, 25);
  closers.push(() => clearInterval(tidying));
  const before = performance.now();
  const message = { url: receiver.url, headers: {}, body: Buffer.from('{"resourceSpans":[]}'), tls: {} };
  const sent = postRepeatedly((signal) => poster.post(message, signal), {
    timeoutMs: 400,
    signal: new AbortController().signal,
    random: Math.random,
    now: Date.now,
  });
  const limit = new Promise((resolve) => setTimeout(resolve, 3000, 'still waiting'));
  await expect(Promise.race([sent, limit])).rejects.toThrow('no answer within 0.4 s');
  expect(performance.now() - before).toBeLessThan(2500);
});
