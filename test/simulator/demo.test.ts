import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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

  it('sees every ending whatever the level of the log, writes it as LOG_… says, and names a search that finds it', async () => {
    const logs = mkdtempSync(path.join(tmpdir(), 'telltale-logs-'));
    const settings = { LOG_DIRECTORY: logs, LOG_MAX_SIZE: '1k', LOG_BACKUP_COUNT: '1', LOG_COMPRESS: 'true' };
    const demo = startDemoWith(settings, '--quiet-users');
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
    expect(demo.output()).toContain('The numbers agree.');
    expect(found.stdout).toContain('/crash');
    expect(readdirSync(logs).filter((name) => /^bot-.*\.log\.\d+\.gz$/.test(name))).toHaveLength(1);
    rmSync(logs, { recursive: true });
  });

  it('keeps the statistics where DATABASE_URL says, and names the modules that are missing', async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'telltale-kept-'));
    writeFileSync(path.join(directory, 'broken.js'), 'module.exports = {};');
    const settings = { INIT_CWD: directory, DATABASE_URL: 'file:keep.db', COMMANDS_DIRECTORY: directory };
    const run = async (typed: string): Promise<string> => {
      const demo = startDemoWith(settings, '--quiet-users');
      demo.child.stdin.end(typed);
      expect(await demo.exited).toBe(0);
      return demo.output();
    };
    const first = await run('/ping\n/broken\n/stats\nchoose 7d\n/forget-me\npress 1\n');
    const missing = /1 of \d+ command modules could not be loaded: broken\.js \(/;
    expect(first.slice(0, first.indexOf('Nobody else'))).toMatch(missing);
    expect(first.slice(first.indexOf('No command "/broken"'))).toMatch(missing);
    expect(first).toMatch(/last 7 days ✓/);
    expect(first).toMatch(/Removed: \d+ records/);
    expect(first).toContain('The numbers agree.');
    const second = await run('/ping\n');
    expect(second).toContain(`file:${directory}/keep.db`);
    expect(second).toMatch(/The database held [1-9]\d* from before/);
    expect(second).toContain('The numbers agree.');
    rmSync(directory, { recursive: true });
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
