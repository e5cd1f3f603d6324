import type { Exchange } from '../../simulator';
import { botEnvironment } from '../../simulator/demo/bot/environment';
import { keptDatabase } from '../../simulator/demo/bot/database';
import type { OutcomeCounts } from '../../simulator/demo/bot/numbers';
import { createSettledSink, readSettled, type Settled } from '../../simulator/demo/bot/settled';
import { parseConsoleLine } from '../../simulator/demo/bot/console-line';
import { HOST } from '../../simulator/demo/crowd/cast';
import { Ledger } from '../../simulator/demo/ledger';
import { summaryLines } from '../../simulator/demo/summary';
import { paintPlain } from '../../simulator/demo/view/paint';
import { REFUSED, settled as event } from '../stats/support';

// Of an exchange, the ledger uses the id alone.
const exchange = (id: string): Exchange => ({ id }) as Exchange;
const settled = (interactionId: string): Settled => ({
  interactionId,
  outcome: 'ok',
  reason: null,
  durationMs: 1,
});
const entry = (id: string) =>
  ({ kind: 'command', line: '/ping', actor: HOST, exchange: exchange(id) }) as const;
const one = { ok: 1, refused: 0, failed: 0 };

const none = { ok: 0, refused: 0, failed: 0 };

function summary(ledger: Ledger, stats = one, metrics = one, stored: OutcomeCounts | null = none): string {
  return paintPlain(summaryLines(ledger, { stats, metrics, stored }));
}

const SETTINGS = {
  workingDirectory: '/home/kim',
  token: 'simulated',
  apiUrl: 'http://127.0.0.1:1/api',
  commandsDirectory: '/commands',
  configDirectory: '/config',
  logDirectory: '/logs',
  metricsPort: 0,
  databaseUrl: null,
  shutdownTimeoutSeconds: 1,
};

describe('the summary', () => {
  it('says that the numbers agree only if all of them do', () => {
    const ledger = new Ledger();
    ledger.open(entry('1'));
    ledger.settle(settled('1'));
    expect(summary(ledger)).toContain('The numbers agree.');
    expect(summary(ledger, { ...one, failed: 1 })).toContain('DO NOT agree');
    expect(summary(ledger, one, { ok: 0, refused: 1, failed: 0 })).toContain('DO NOT agree');
  });

  it('finds an interaction that was counted twice, and one that was never counted', () => {
    const twice = new Ledger();
    twice.open(entry('1'));
    twice.settle(settled('1'));
    twice.settle(settled('1'));
    const two = { ok: 2, refused: 0, failed: 0 };
    expect(summary(twice, two, two)).toContain('DO NOT agree');

    const lost = new Ledger();
    lost.open(entry('1'));
    expect(summary(lost, none, none)).toContain('DO NOT agree. 1 never settled: /ping.');
  });

  it('compares what was added to a database that held more, and says so', () => {
    const ledger = new Ledger();
    ledger.open(entry('1'));
    ledger.settle(settled('1'));
    const all = { ok: 8, refused: 2, failed: 0 };
    const text = summary(ledger, all, one, { ok: 7, refused: 2, failed: 0 });
    expect(text).toContain('The database held 9 from before');
    expect(text).toMatch(/api.stats +1 +1 +0 +0\n/);
    expect(text).toContain('The numbers agree.');
    expect(summary(ledger, all, one, { ok: 8, refused: 2, failed: 0 })).toContain('DO NOT agree');
    expect(summary(ledger, all, one, null)).toContain('could not be asked');
  });

  it('takes clicks as the bot does: counted or not, but never twice', async () => {
    const ledger = new Ledger();
    void ledger.expect(exchange('1'));
    const clicked = ledger.expect(exchange('2'));
    ledger.settle(settled('2'));
    await clicked;
    expect(summary(ledger)).toContain('The numbers agree.');
    ledger.settle(settled('2'));
    expect(ledger.typed).toBe(1);
  });
});

describe('DATABASE_URL', () => {
  it('means a file where the user is, and is never shown with its password', () => {
    const directory = '/home/kim/my bot';
    expect(keptDatabase(undefined, directory)).toBeNull();
    expect(keptDatabase(' ', directory)).toBeNull();
    expect(keptDatabase('file:keep.db', directory)?.url).toBe('file:///home/kim/my%20bot/keep.db');
    expect(keptDatabase('file:/var/keep.db', directory)?.url).toBe('file:///var/keep.db');
    const postgres = 'postgres://me:secret@db:5432/telltale';
    expect(keptDatabase(postgres, directory)).toEqual({ url: postgres, name: 'postgres://db:5432/telltale' });
  });
});

describe("the bot's environment", () => {
  it('has where traces and errors go, with files where the user is, and nothing of a real bot', () => {
    const surroundings = {
      PATH: '/bin',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318',
      OTEL_EXPORTER_OTLP_CERTIFICATE: 'ca.pem',
      OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY: '/keys/bot.pem',
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: ' ',
      SENTRY_DSN: 'https://key@o1.ingest.sentry.io/2',
      SENTRY_URL_TEMPLATE: 'https://example.sentry.io/{traceId}',
      TRACE_URL_TEMPLATE: 'http://localhost:16686/trace/{traceId}',
      GIT_COMMIT: 'abcdef1',
    };
    const foreign = {
      DISCORD_TOKEN: 'real',
      METRICS_TOKEN: 'x',
      NODE_OPTIONS: '--require x',
      HTTPS_PROXY: 'http://p',
    };
    const environment = botEnvironment({ ...surroundings, ...foreign }, SETTINGS);
    expect(environment).toMatchObject({
      ...surroundings,
      OTEL_EXPORTER_OTLP_CERTIFICATE: '/home/kim/ca.pem',
      DISCORD_TOKEN: 'simulated',
    });
    expect(Object.keys(environment)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/METRICS_TOKEN|NODE_OPTIONS|PROXY/)]),
    );
  });
});

describe('how the bot says that an interaction ended', () => {
  it('is understood by the demo, and whatever else a process may send is not taken for it', () => {
    const sent: object[] = [];
    const sink = createSettledSink((message) => sent.push(message));
    sink.record(event({ interactionId: '9', durationSeconds: 0.002, outcome: REFUSED }));
    sink.record(event({ interactionId: '10', durationSeconds: 1 }));
    sink.record({ type: 'unhandled_error', kind: 'rejection', error: null });
    expect(sent.map((message) => readSettled(JSON.parse(JSON.stringify(message))))).toEqual([
      { interactionId: '9', outcome: 'refused', reason: 'cooldown', durationMs: 2 },
      { interactionId: '10', outcome: 'ok', reason: null, durationMs: 1000 },
    ]);
    for (const other of [null, undefined, 7, 'ready', {}, { outcome: 'ok' }]) {
      expect(readSettled(other)).toBeNull();
    }
  });
});

describe("the bot's console", () => {
  it('shows trouble, and no line of what the demo shows in its own way', () => {
    const settledLine = { level: 'error', logger: 'commands', message: 'm', event: 'command_settled' };
    expect(parseConsoleLine(JSON.stringify(settledLine))).toEqual({ kind: 'settled', text: 'commands: m' });
    expect(parseConsoleLine('{"level":"error","logger":"bot","message":"no"}')).toMatchObject({
      kind: 'log',
      level: 'error',
    });
    expect(parseConsoleLine('{"level":"info","logger":"app","message":"Traces go to x."}')).toEqual({
      kind: 'destination',
      text: 'Traces go to x.',
    });
    for (const event of ['traces_lost', 'errors_lost', 'traces_taken_again', 'errors_taken_again']) {
      const line = JSON.stringify({ level: 'warn', logger: 'tracing', message: 'm', event });
      expect(parseConsoleLine(line)).toEqual({ kind: 'losses', text: 'tracing: m' });
    }
    expect(parseConsoleLine('DISCORD_TOKEN is not set.')).toEqual({
      kind: 'raw',
      text: 'DISCORD_TOKEN is not set.',
    });
  });
});
