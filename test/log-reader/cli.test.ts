import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { cleanUp, directory, line, packed, settled, text, TRACE, USER, write } from './support';

/** `npm run logs` as a process, the way an operator runs it. */

const entry = path.resolve(__dirname, '..', '..', 'dist', 'src', 'logs.js');
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'close');
  }
  cleanUp();
});

function launch(
  given: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  cwd = directory(),
) {
  const child = spawn(process.execPath, [entry, ...given], {
    cwd,
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output.stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (output.stderr += chunk));
  const ended = once(child, 'close').then(([code]: unknown[]) => code);
  return { child, output, ended };
}

async function run(
  given: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  cwd?: string,
) {
  const { output, ended } = launch(given, environment, cwd);
  const code = await ended;
  return { code, ...output };
}

function sample(): string {
  const logs = directory();
  write(logs, {
    'bot-2026-01-31.log.gz': packed(line(1), settled(2)),
    'bot-2026-01-31.log.1': text(
      settled(3, {
        level: 'error',
        outcome: 'failed',
        error: { name: 'Error', message: 'x\u001b[2J', stack: 'Error: x\n    at y' },
      }),
      '{"timestamp":"2026',
    ),
  });
  return logs;
}

it('needs no token, finds the directory where the settings say, and shows lines for people without colours in a pipe', async () => {
  const logs = sample();
  const { code, stdout, stderr } = await run(['--level', 'info'], { LOG_DIRECTORY: logs });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^2026-01-31 10:00:01\.000 INFO {2}bot: line 1$/m);
  expect(stdout).toContain(
    '\n2026-01-31 10:00:03.000 ERROR commands: line 3 trace_id=4bf92f35 command=stats kind=chat_input ' +
      `guild_id=1180000000000000002 user_id=${USER} outcome=failed duration_ms=10\n    Error: x\n        at y\n`,
  );
  expect(stdout).not.toContain('\u001b');
  expect(stderr).toBe('1 line was broken, and is left out.\n');
});

it('colours where that is asked for, and not where it is asked not to', async () => {
  const logs = sample();
  const coloured = await run(['--directory', logs, '--limit', '1'], { FORCE_COLOR: '1' });
  expect(coloured.stdout).toContain('\u001b[31mERROR\u001b[0m');
  const plain = await run(['--directory', logs, '--limit', '1'], { FORCE_COLOR: '1', NO_COLOR: '1' });
  expect(plain.stdout).not.toContain('\u001b');
});

it('gives the lines exactly as they stand with --json', async () => {
  const { stdout } = await run([
    '--directory',
    sample(),
    '--json',
    '--trace',
    TRACE.slice(0, 8),
    '--limit=5',
    '--until=2026-01-31T10:00:02Z',
  ]);
  expect(stdout).toBe(text(settled(2)));
});

it('sums up, as columns and as one JSON object', async () => {
  const logs = sample();
  const columns = await run(['--directory', logs, '--summary']);
  expect(columns.stdout).toContain('Lines: 3 (error 1, warn 0, info 2, debug 0)');
  expect(columns.stdout).toMatch(/^stats +2 +1 +0 +1 +50\.0 +10\.0 +10\.0$/m);
  const { stdout } = await run(['--directory', logs, '--summary', '--json', '--level', 'error']);
  expect(JSON.parse(stdout)).toMatchObject({
    lines: 1,
    errors: [{ count: 1, references: ['4bf92f35'] }],
    commands: [{ failed: 1, ok: null, errorRate: null }],
  });
});

it('ends with what a script can tell apart, and says what to do', async () => {
  const logs = sample();
  const nothing = await run(['--directory', logs, '--user', '5']);
  expect(nothing).toMatchObject({ code: 0, stdout: '' });
  expect(nothing.stderr).toContain(
    `Nothing matched in 2 files in ${logs}, which reach back to 2026-01-31 10:00:01 UTC.`,
  );
  const file = path.join(logs, 'bot-2026-01-31.log.1');
  for (const options of [[], ['--follow']]) {
    const ofFile = await run(['--directory', file, ...options]);
    expect(ofFile).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(`${file} is a file.`),
    });
  }
  const wrong = await run(['--levle', 'error']);
  expect(wrong).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining("'--levle'") });
  const empty = directory();
  const absent = path.join(empty, 'absent');
  expect(await run(['--directory', empty])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`no log files in ${empty}`),
  });
  expect(await run(['--directory', absent])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`no directory ${absent}`),
  });
  const help = await run(['--help']);
  expect(help).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('--follow') });
});

it('ends quietly when its reader has seen enough, as `| head` does', async () => {
  const logs = directory();
  write(logs, { 'bot-2026-01-31.log': text(...Array.from({ length: 20_000 }, (_, i) => settled(i))) });
  const { child, output, ended } = launch(['--directory', logs]);
  child.stdout.once('data', () => child.stdout.destroy());
  expect(await ended).toBe(0);
  expect(output.stderr).toBe('');
});

it('follows until Ctrl-C, which is no failure', async () => {
  const logs = path.join(directory(), 'logs');
  const { child, output, ended } = launch(['--directory', logs, '--follow', '--json']);
  const shown = async (expected: string): Promise<void> => {
    while (!output.stdout.endsWith(expected))
      await Promise.race([
        once(child.stdout, 'data'),
        ended.then(() => {
          throw new Error(output.stderr);
        }),
      ]);
  };
  await once(child.stderr, 'data');
  expect(output.stderr).toContain('waiting for it');
  mkdirSync(logs);
  write(logs, { 'bot-2026-01-31.log': text(line(1)) });
  await shown(text(line(1)));
  appendFileSync(path.join(logs, 'bot-2026-01-31.log'), text(line(2)));
  await shown(text(line(1), line(2)));
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  expect(output.stderr).not.toContain('Error');
});
