import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { RefusedError } from '../../src/post/failure';
import { createPoster } from '../../src/post/post';
import { createLosses } from '../../src/tracing/losses';
import { keepingLogger } from '../pipeline/support';

/** What an operator reads of traces that are lost. */

function open(url = 'https://user:secret@collector:4318/x?key=secret') {
  const { logger, lines } = keepingLogger();
  let now = 0;
  const losses = createLosses({
    logger,
    url,
    redact: (text) => text.replaceAll('s3cret', '[redacted]'),
    monotonic: () => now,
  });
  return {
    losses,
    lines,
    logged: () =>
      lines.map(({ level, message, fields }) => [level, fields.event, fields.count, message] as const),
    later: (ms: number) => void (now += ms),
  };
}

/** Why traces do not get there, as the log has it. */
function whyOf(error: unknown, url?: string): string {
  const { losses, logged } = open(url);
  losses.lost('export_failed', 1, error);
  return /^Traces do not get to \S+: (.*) Commands are not affected/.exec(logged()[0]?.[3] ?? '')?.[1] ?? '';
}
const refused = (status: number, body = ''): Error => new RefusedError({ status, body: Buffer.from(body) });
const withCode = (code: string, message = code): Error => Object.assign(new Error(message), { code });

it('is how many there were in all once they are taken again, though a warning comes once a minute', () => {
  const { losses, logged } = open();
  losses.over();
  expect(logged()).toEqual([]);
  losses.lost('export_failed', 1, refused(500));
  for (let count = 0; count < 500; count += 1) losses.lost('queue_full', 1);
  losses.over();
  losses.over();
  losses.close();
  expect(logged()).toEqual([
    ['warn', 'traces_lost', 1, expect.stringContaining('get to collector:4318: it answered 500.')],
    ['info', 'traces_taken_again', 501, 'Traces get to collector:4318 again; traces lost so far: 501.'],
  ]);
});

it('is how many there were in all at the end, if that was not said yet', () => {
  const { losses, logged, later } = open();
  losses.lost('export_failed', 3);
  later(30_000);
  losses.lost('closed', 4);
  losses.close();
  expect(logged().map(([, event, count]) => [event, count])).toEqual([
    ['traces_lost', 3],
    ['traces_lost', 7],
  ]);
  expect(logged()[1]?.[3]).toContain('traces lost until the bot ends: 7.');
  losses.close();
  expect(logged()).toHaveLength(2);
});

it('has its reason and its error as fields, for who counts or searches them', () => {
  const { losses, lines } = open();
  const error = refused(401);
  losses.lost('export_failed', 1, error);
  expect(lines[0]?.fields).toEqual({ event: 'traces_lost', count: 1, reason: 'export_failed', error });
});

it('is what the collector says of it, and which setting that is about', () => {
  const hint = 'is the key in OTEL_EXPORTER_OTLP_HEADERS right?';
  expect(whyOf(refused(401))).toBe(`it answered 401: ${hint}`);
  expect(whyOf(refused(403, '{"message":"no such key:\n s3cret"}'))).toBe(
    `it answered 403, "{"message":"no such key: [redacted]"}": ${hint}`,
  );
  expect(whyOf(refused(413, 'too large'))).toBe('it answered 413, "too large".');
});

it('is no more than 200 characters of it, none of a secret that is cut, and nothing of what is no text', () => {
  expect(whyOf(refused(400, 'x'.repeat(300)))).toBe(`it answered 400, "${'x'.repeat(199)}…".`);
  // As long as what is read: with all before it redacted, half a secret would move to the front.
  expect(whyOf(refused(400, `${'s3cret'.repeat(1666)}s3cret`))).not.toContain('s3c');
  expect(whyOf(refused(400, `${'é'.repeat(4999)}a${'é'.repeat(99)}`))).toContain('"éé');
  for (const body of [Buffer.from([0x08, 3, 0x12, 2, 104, 105]), Buffer.from([0xff, 0xfe, 65])]) {
    expect(whyOf(new RefusedError({ status: 400, body }))).toBe('it answered 400.');
  }
});

it('is that nobody is there, that the network is in the way, or that a certificate is not trusted', () => {
  expect(whyOf(withCode('ECONNREFUSED', ''))).toBe('it could not be reached (ECONNREFUSED).');
  expect(whyOf(withCode('ENOTFOUND'))).toBe('it could not be reached (ENOTFOUND).');
  expect(whyOf(withCode('DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate'))).toBe(
    'self-signed certificate (DEPTH_ZERO_SELF_SIGNED_CERT).',
  );
  expect(whyOf(new Error('no answer within 10 s'))).toBe('no answer within 10 s.');
  expect(whyOf(undefined)).toBe('they were not taken.');
});

it('is that the port may be that of gRPC, where HTTP is not spoken', () => {
  const hint = 'is that the gRPC port? OTLP over HTTP is most often 4318.';
  const parseError = withCode('HPE_INVALID_CONSTANT', 'Parse Error: Expected HTTP/, RTSP/ or ICE/');
  expect(whyOf(parseError)).toBe(`what it answers is no HTTP (HPE_INVALID_CONSTANT): ${hint}`);
  expect(whyOf(withCode('ECONNRESET'), 'http://collector:4317/v1/traces')).toBe(
    `it could not be reached (ECONNRESET): ${hint}`,
  );
  expect(whyOf(refused(500), 'http://collector:4317/v1/traces')).toBe('it answered 500.');
});

it('is that it is gRPC, where a server speaks HTTP/2 at once, and that nobody is there, once that is gone', async () => {
  const SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
  const server = createServer((socket) =>
    socket
      .on('error', () => undefined)
      .resume()
      .end(SETTINGS),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
  const poster = createPoster();
  const post = (): Promise<unknown> =>
    poster.post({ url, headers: {}, body: Buffer.from('{}'), tls: {} }, new AbortController().signal).then(
      () => 'taken',
      (error: unknown) => whyOf(error, url),
    );
  expect(await post()).toContain(': is that the gRPC port?');
  server.close();
  await once(server, 'close');
  expect(await post()).toBe('it could not be reached (ECONNREFUSED).');
  poster.close();
});

it('is what of an export was refused, and in which words', () => {
  const { losses, logged } = open();
  losses.lost('rejected', 2, new Error('too old'));
  expect(logged()[0]?.[3]).toContain('it took others, and refused these: "too old".');
});
