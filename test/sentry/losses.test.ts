import { RefusedError } from '../../src/post/failure';
import { createLosses } from '../../src/sentry/losses';
import { keepingLogger } from '../pipeline/support';

/** What the log says of errors that never get to Sentry. */

const TAIL = 'Commands are not affected; errors lost';
const REFUSED_CONNECTION = Object.assign(new Error(''), { code: 'ECONNREFUSED' });
const refused = (status: number, body = ''): Error => new RefusedError({ status, body: Buffer.from(body) });

function stage() {
  const { logger, lines } = keepingLogger();
  let at = 0;
  const losses = createLosses({
    logger,
    dsn: 'https://pub1ickey@o1.ingest.example.org/2',
    redact: (text) => text.replaceAll('pub1ickey', '[redacted]'),
    now: () => at,
  });
  return {
    losses,
    lines,
    said: () => lines.splice(0).map(({ message }) => message),
    pass: (ms: number) => void (at += ms),
  };
}

const away = (count: number): string =>
  `Errors do not get to Sentry at o1.ingest.example.org: it could not be reached (ECONNREFUSED). ${TAIL} so far: ${count}.`;

it('a loss is said at once, and then once a minute, with the sum', () => {
  const { losses, said, pass } = stage();
  for (let count = 0; count < 600; count += 1) losses.lost('send_failed', 1, REFUSED_CONNECTION);
  expect(said()).toEqual([away(1)]);
  pass(60_000);
  losses.lost('queue_full', 2);
  expect(said()).toEqual([expect.stringContaining(`: too many wait already. ${TAIL} so far: 602.`)]);
  expect(losses.counts()).toEqual({ queue_full: 2, send_failed: 600, rate_limited: 0, closed: 0 });
});

it('one that is refused for its key says where the key is from, and never the key', () => {
  const { losses, lines } = stage();
  const error = refused(401, '{"detail":"bad key pub1ickey"}');
  losses.lost('send_failed', 1, error);
  expect(lines).toEqual([
    {
      level: 'warn',
      message:
        'Errors do not get to Sentry at o1.ingest.example.org: it answered 401, "{"detail":"bad key [redacted]"}": ' +
        `is SENTRY_DSN right? ${TAIL} so far: 1.`,
      fields: { event: 'errors_lost', count: 1, reason: 'send_failed', error },
    },
  ]);
});

it('one that Sentry breaks on does not put the blame on a setting', () => {
  const { losses, said } = stage();
  losses.lost('send_failed', 1, refused(500));
  expect(said()).toEqual([expect.stringContaining(`: it answered 500. ${TAIL}`)]);
});

it('once they arrive again it is said how many are missing in all, as no warning, and nothing where none was', () => {
  const { losses, lines } = stage();
  losses.over();
  expect(lines).toEqual([]);
  for (let count = 0; count < 600; count += 1) losses.lost('send_failed', 1, REFUSED_CONNECTION);
  lines.splice(0);
  losses.over();
  losses.over();
  expect(lines).toEqual([
    {
      level: 'info',
      message: 'Errors get to Sentry at o1.ingest.example.org again; errors lost so far: 600.',
      fields: { event: 'errors_taken_again', count: 600 },
    },
  ]);
});

it('one that comes and goes is told of no more than twice a minute', () => {
  const { losses, said, pass } = stage();
  for (let second = 0; second < 60; second += 1) {
    losses.lost('queue_full', 1);
    losses.over();
    pass(1000);
  }
  expect(said()).toHaveLength(2);
});

it('at the end it is said how many are missing, where that was not said yet', () => {
  const { losses, said } = stage();
  losses.close();
  expect(said()).toEqual([]);
  losses.lost('send_failed', 1, REFUSED_CONNECTION);
  losses.lost('closed', 599);
  said();
  losses.close();
  losses.close();
  expect(said()).toEqual([
    expect.stringContaining(`the bot ended before they were taken. ${TAIL} until the bot ends: 600.`),
  ]);
});
