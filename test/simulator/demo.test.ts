import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const MAIN = path.resolve(__dirname, '../../dist/simulator/demo/main.js');
const LOGS = path.resolve(__dirname, '../../dist/src/logs.js');

interface RunningDemo {
  readonly child: ChildProcessWithoutNullStreams;
  readonly output: () => string;
  /** Resolves with the first match in the output. */
  readonly seen: (pattern: RegExp) => Promise<string>;
  readonly exited: Promise<number | null>;
}

/** As `npm run demo -- …` does it, with pipes in the terminal's place. */
function startDemo(...args: readonly string[]): RunningDemo {
  return startDemoWith({}, ...args);
}

function startDemoWith(settings: Readonly<Record<string, string>>, ...args: readonly string[]): RunningDemo {
  const environment = {
    ...process.env,
    NODE_ENV: 'test',
    HTTP_PROXY: 'http://127.0.0.1:9',
    METRICS_TOKEN: 'x',
    DATABASE_URL: '',
    ...settings,
  };
  const child = spawn(process.execPath, [MAIN, '--port', '0', ...args], { env: environment });
  let text = '';
  const onText = (chunk: Buffer): void => void (text += chunk.toString());
  child.stdout.on('data', onText);
  child.stderr.on('data', onText);
  const exited = once(child, 'close').then(() => child.exitCode);
  const seen = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const match = pattern.exec(text);
      if (match !== null) return match[1] ?? match[0];
      const ended = await Promise.race([once(child.stdout, 'data'), exited.then(() => 'ended')]);
      if (ended === 'ended' && !pattern.test(text))
        throw new Error(`${String(pattern)} was not in:\n${text}`);
    }
  };
  return { child, output: () => text, seen, exited };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function untilGone(pid: number, limitMs: number): Promise<void> {
  const end = Date.now() + limitMs;
  while (isAlive(pid)) {
    if (Date.now() > end) throw new Error(`The process ${pid} is still there.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function portOf(server: Server): Promise<number> {
  if (!server.listening) await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const ofOutcome = (outcome: string): RegExp => new RegExp(String.raw`^\d\d:\d\d:\d\d .* ${outcome}`, 'm');

describe('npm run demo', () => {
  it('shows every kind of ending within seconds, ends by itself with numbers that agree, and leaves nothing behind', async () => {
    const demo = startDemo('--seconds', '3', '--rate', '4');
    demo.child.stdin.end();
    const url = await demo.seen(/(http:\S+)\/metrics/);
    const pid = Number(await demo.seen(/Bot\s+process (\d+)/));

    const metrics = await fetch(`${url}/metrics`);
    expect(await metrics.text()).toContain('discord_command_invocations_total');
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const stats = await fetch(`${url}/api/stats?period=24h`);
    expect(await stats.json()).toMatchObject({ period: '24h' });

    expect(await demo.exited).toBe(0);
    const output = demo.output();
    expect(output).toMatch(ofOutcome('ok'));
    expect(output).toMatch(ofOutcome('refused'));
    expect(output).toMatch(ofOutcome('failed'));
    expect(output).toContain('The numbers agree.');
    expect(output).not.toContain('\u001b');
    expect(existsSync(path.dirname(/tail -F (\S+)/.exec(output)?.[1] ?? '.'))).toBe(false);
    expect(isAlive(pid)).toBe(false);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('answers what is typed, as Discord would show it, and stops in order on one Ctrl-C that arrives twice', async () => {
    const demo = startDemo('--quiet-users');
    demo.child.stdin.write('as jun\n/통계 기간:24h\n/crash kind:undefined\nin nowhere\n');
    await demo.seen(/There is no "nowhere"/);
    const pid = Number(await demo.seen(/Bot\s+process (\d+)/));
    demo.child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 40)); // Or the system makes one signal of the two.
    demo.child.kill('SIGINT');

    expect(await demo.exited).toBe(0);
    expect(demo.output()).toContain('│ 명령어 통계: 지난 24시간');
    expect(demo.output()).toMatch(/failed \(exception\).*\n\s+문제가 발생했습니다/);
    expect(demo.output()).toMatch(/typed by users +2\s/);
    expect(demo.output()).toContain('The numbers agree.');
    expect(isAlive(pid)).toBe(false);
  });

  describe('with a database, commands and a log of its own', () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'telltale-kept-'));
    afterAll(() => rmSync(directory, { recursive: true }));
    const database = { INIT_CWD: directory, DATABASE_URL: 'file:keep.db' };

    it('keeps the statistics where DATABASE_URL says, and names the modules that are missing', async () => {
      writeFileSync(path.join(directory, 'broken.js'), 'module.exports = {};');
      const demo = startDemoWith({ ...database, COMMANDS_DIRECTORY: directory }, '--quiet-users');
      demo.child.stdin.end('/ping\n/broken\n/stats\nchoose 7d\n/forget-me\npress 1\n');
      expect(await demo.exited).toBe(0);
      const output = demo.output();
      const missing = /1 of \d+ command modules could not be loaded: broken\.js \(/;
      expect(output.slice(0, output.indexOf('Nobody else'))).toMatch(missing);
      expect(output.slice(output.indexOf('No command "/broken"'))).toMatch(missing);
      expect(output).toMatch(/last 7 days ✓/);
      expect(output).toMatch(/Removed: \d+ records/);
      expect(output).toContain('The numbers agree.');
    });

    it('has those of before, sees every ending whatever the level of the log, writes it as LOG_… says, and names a search that finds it', async () => {
      const logs = path.join(directory, 'logs');
      const log = { LOG_DIRECTORY: logs, LOG_MAX_SIZE: '1k', LOG_BACKUP_COUNT: '1', LOG_COMPRESS: 'true' };
      const demo = startDemoWith({ ...database, ...log }, '--quiet-users');
      demo.child.stdin.write(
        '/crash kind:async\n/log-level set level:error\n/ping\n/crash kind:sync\nin nowhere\n',
      );
      await demo.seen(/There is no "nowhere"/);
      const search = await demo.seen(/Search +npm run logs -- (.+)/);
      const found = await promisify(execFile)(process.execPath, [LOGS, ...search.split(' ')]);
      demo.child.kill('SIGINT');

      expect(await demo.exited).toBe(0);
      expect(demo.output().match(/^ {2}telltale {2}\w+/gm)).toEqual([
        '  telltale  failed',
        '  telltale  ok',
        '  telltale  ok',
        '  telltale  failed',
      ]);
      expect(demo.output()).toContain(`file:${directory}/keep.db`);
      expect(demo.output()).toMatch(/The database held [1-9]\d* from before/);
      expect(demo.output()).toContain('The numbers agree.');
      expect(found.stdout).toContain('/crash');
      expect(readdirSync(logs).filter((name) => /^bot-.*\.log\.\d+\.gz$/.test(name))).toHaveLength(1);
    });
  });

  it('sends traces and errors where the settings say, and shows where, with what is lost and the links', async () => {
    const collector = createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1');
    const closed = createServer().listen(0, '127.0.0.1');
    const [taken, gone] = await Promise.all([collector, closed].map(portOf));
    closed.close();
    const exported = once(collector, 'request') as Promise<[IncomingMessage]>;
    const settings = {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${taken}`,
      OTEL_BSP_SCHEDULE_DELAY: '100',
      SENTRY_DSN: `http://key@127.0.0.1:${gone}/1`,
      TRACE_URL_TEMPLATE: 'http://127.0.0.1:16686/trace/{traceId}',
    };
    const demo = startDemoWith(settings, '--quiet-users');
    demo.child.stdin.write('/crash kind:async\n');
    const reference = await demo.seen(/failed[^]*\b([0-9a-f]{8})\b/);
    await demo.seen(/bot│ \S+: .*Sentry/);
    demo.child.stdin.write(`/trace reference:${reference}\n`);
    await demo.seen(new RegExp(`Trace: http://127.0.0.1:16686/trace/${reference}[0-9a-f]{24}\n`));
    expect((await exported)[0].url).toBe('/v1/traces');
    demo.child.kill('SIGINT');
    expect(await demo.exited).toBe(0);
    const intro = demo.output().slice(0, demo.output().indexOf('Nobody else'));
    expect(intro).toContain(`Traces go to 127.0.0.1:${taken}`);
    expect(intro).toContain(`Errors go to Sentry at 127.0.0.1:${gone}`);
    expect(intro).not.toContain('nothing leaves');
    collector.close();
  });

  it('says which of the settings for traces is wrong, as the bot itself does', async () => {
    const demo = startDemoWith({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, '--quiet-users');
    expect(await demo.exited).toBe(1);
    expect(demo.output()).toContain('OTEL_EXPORTER_OTLP_PROTOCOL (tracing.protocol) should be one of');
  });

  it('takes the bot with it, even when it is killed', async () => {
    const demo = startDemo('--quiet-users');
    const pid = Number(await demo.seen(/Bot\s+process (\d+)/));
    demo.child.kill('SIGKILL');
    await demo.exited;
    await untilGone(pid, 6000);
  });

  it('says why when the bot ends by itself, and exits with 1', async () => {
    const demo = startDemo('--quiet-users');
    process.kill(Number(await demo.seen(/Bot\s+process (\d+)/)), 'SIGKILL');
    expect(await demo.exited).toBe(1);
    expect(demo.output()).toContain('The bot ended by itself by SIGKILL');
  });

  it('exits with 2 and names the option that is wrong', async () => {
    const demo = startDemo('--rate', 'fast');
    expect(await demo.exited).toBe(2);
    expect(demo.output()).toContain('--rate should be a number from 0.1 to 50, not "fast".');
  });
});
