import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, link, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { createStage, type LogLine } from '../support/bot';
import { ANSWERS } from './answers';
import { readLogPage, type LogPage } from './page';
import { realLines, STARTING_MS, type RealLines } from './real-lines';

/** The recipes of docs/logs.md, as they stand there, in a real shell with the real jq on the lines of a real run. */

const run = promisify(execFile);
const HAS_JQ = spawnSync('jq', ['--version']).status === 0;
if (!HAS_JQ)
  process.stdout.write('Skipped: the recipes of docs/logs.md, as jq is not installed (apt install jq).\n');

const FOLLOWING = 'What fails, as it fails';

const stage = createStage();
let page: LogPage;
let real: RealLines;
let lines: readonly LogLine[];
let directory: string;

beforeAll(async () => {
  page = await readLogPage();
  real = await realLines(stage, 'json');
  lines = real.files;
  directory = await stage.directory();
  await writeRotated(path.join(directory, 'logs'), lines);
}, STARTING_MS);
afterAll(() => stage.clear());

it('each recipe of the page is held against an answer of its own', () => {
  const titles = page.recipes.map(({ title }) => title);
  expect(titles).toEqual([...Object.keys(ANSWERS), FOLLOWING]);
});

it('stdout has the lines of the files, from its level on: what collects the one can collect the other', () => {
  const visible = lines.filter(({ level }) => level !== 'debug');
  expect(visible.length).toBeLessThan(lines.length);
  expect(real.stdout.map((line) => JSON.stringify(line))).toEqual(
    visible.map((line) => JSON.stringify(line)),
  );
});

(HAS_JQ ? describe : describe.skip)('with jq', () => {
  it('the lines of all files come oldest first, of compressed ones too, and half a line costs none', async () => {
    const { stdout } = await shell('lines');
    expect(stdout.split('\n').filter((line) => line !== '')).toEqual(
      lines.map((line) => JSON.stringify(line)),
    );
  });

  it.each(Object.keys(ANSWERS))('%s', async (title) => {
    const answer = ANSWERS[title];
    const script = page.recipes.find((recipe) => recipe.title === title)?.script ?? 'false';
    // What stands for the reader's own values is replaced by some of this run.
    const someone = lines.find(({ outcome }) => outcome === 'refused')?.user_id;
    const trace = lines.find((line) => line.parent_trace_id !== undefined)?.parent_trace_id;
    const chosen = { user: String(someone), trace: String(trace).slice(0, 8) };
    const asked = script
      .replace(/^user=\d+$/m, `user=${chosen.user}`)
      .replace(/^trace=[0-9a-f]{8}$/m, `trace=${chosen.trace}`);
    const { stdout, stderr } = await shell(asked);
    const expected = answer?.(lines, chosen) ?? [];
    expect(expected.length).toBeGreaterThan(0);
    expect(rowsOf(stdout)).toEqual(expected.map((row) => row.map(String)));
    expect(stderr).toBe('');
  });

  it(`${FOLLOWING}: each failure once, and at once`, async () => {
    const script = page.recipes.find(({ title }) => title === FOLLOWING)?.script ?? 'false';
    const shellProcess = spawn('bash', ['-c', script], { cwd: directory, detached: true });
    const ended = once(shellProcess, 'close');
    let printed = '';
    shellProcess.stdout.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
    const failed = lines.filter(({ outcome }) => outcome === 'failed');
    const file = path.join(directory, 'logs', 'bot.log');
    try {
      // tail says nothing of when it has begun: a line that was written before is passed over, so it is written again.
      const marker = { outcome: 'failed', timestamp: 'begun', command: 'begun', reason: '' };
      for (let left = 100; !printed.includes('begun') && left > 0; left -= 1) {
        await appendFile(file, `${JSON.stringify(marker)}\n`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await appendFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      const rows = (): string[][] => rowsOf(printed).filter(([timestamp]) => timestamp !== 'begun');
      for (let left = 100; rows().length < failed.length && left > 0; left -= 1) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(rows().map(([timestamp, command]) => [timestamp, command])).toEqual(
        failed.map(({ timestamp, command }) => [timestamp, command]),
      );
    } finally {
      if (shellProcess.pid !== undefined) process.kill(-shellProcess.pid, 'SIGKILL');
      await ended;
    }
  });
});

function shell(script: string): Promise<{ stdout: string; stderr: string }> {
  return run('bash', ['-c', `${page.preamble}\n${script}`], { cwd: directory, maxBuffer: 1 << 26 });
}

function rowsOf(output: string): string[][] {
  return output
    .split('\n')
    .filter((row) => row !== '')
    .map((row) => row.split('\t'));
}

/**
 * The lines in a dozen files as rotation leaves them: of two days, some compressed, the numbers past nine. The first ends
 * in half a line, as a process that was killed leaves it.
 */
async function writeRotated(logs: string, all: readonly LogLine[]): Promise<void> {
  const yesterday = ['bot-2026-01-30.log.gz', 'bot-2026-01-30.log.1'];
  const today = Array.from(
    { length: 12 },
    (_, i) => `bot-2026-01-31.log${i === 0 ? '' : `.${i}`}${i < 6 ? '.gz' : ''}`,
  );
  const names = [...yesterday, ...today];
  await mkdir(logs);
  for (const [index, name] of names.entries()) {
    const from = Math.floor((all.length * index) / names.length);
    const to = Math.floor((all.length * (index + 1)) / names.length);
    const torn = index === 0 ? '{"timestamp":"2026-01-30T\n' : '';
    const text = `${all
      .slice(from, to)
      .map((line) => `${JSON.stringify(line)}\n`)
      .join('')}${torn}`;
    await writeFile(path.join(logs, name), name.endsWith('.gz') ? gzipSync(text) : text);
  }
  await link(path.join(logs, names.at(-1) ?? ''), path.join(logs, 'bot.log'));
  await writeFile(
    path.join(logs, 'error-2026-01-31.log'),
    all.map((line) => `${JSON.stringify(line)}\n`).join(''),
  );
}
