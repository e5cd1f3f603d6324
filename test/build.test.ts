import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** `npm run build`, in a project of three small files. */

const root = path.resolve(__dirname, '..');
const LONG_AGO = new Date('2001-01-01T00:00:00Z');
const OPTIONS = { outDir: 'dist', rootDir: '.', module: 'node16', lib: ['es5'], types: [], strict: true };

let template = '';
let project = '';
const inProject = (...names: readonly string[]): string => path.join(project, ...names);
const write = (file: string, text: string): void => writeFileSync(inProject(file), text);
const built = (file: string): string => readFileSync(inProject('dist', file), 'utf8');

beforeAll(async () => {
  template = project = mkdtempSync(path.join(tmpdir(), 'telltale-build-'));
  for (const directory of ['scripts', 'src', 'commands/fun'])
    mkdirSync(inProject(directory), { recursive: true });
  cpSync(path.join(root, 'scripts', 'build.js'), inProject('scripts', 'build.js'));
  symlinkSync(path.join(root, 'node_modules'), inProject('node_modules'));
  write('package-lock.json', '{}');
  write('tsconfig.json', JSON.stringify({ compilerOptions: OPTIONS }));
  write('tsconfig.build.json', JSON.stringify({ extends: './tsconfig.json', include: ['src', 'commands'] }));
  write('src/main.ts', 'export const version: number = 1;');
  write('src/other.ts', 'export const other = 1;');
  write('commands/fun/joke.ts', 'export const joke = 1;');
  expect(await build()).toEqual({ code: 0, output: '' });
});

beforeEach(() => {
  project = mkdtempSync(path.join(tmpdir(), 'telltale-build-'));
  cpSync(template, project, { recursive: true, verbatimSymlinks: true });
});

afterEach(() => rmSync(project, { recursive: true }));
afterAll(() => rmSync(template, { recursive: true }));

async function build(): Promise<{ readonly code: unknown; readonly output: string }> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [inProject('scripts', 'build.js')]);
    return { code: 0, output: stdout };
  } catch (error) {
    return { code: Object(error).code, output: String(Object(error).stdout) };
  }
}

/** Makes all that was built so old that whatever is written anew is seen. */
function age(): void {
  for (const name of readdirSync(inProject('dist'), { recursive: true, encoding: 'utf8' })) {
    utimesSync(inProject('dist', name), LONG_AGO, LONG_AGO);
  }
}

const isOld = (file: string): boolean => statSync(inProject('dist', file)).mtimeMs === LONG_AGO.getTime();

it('replaces what has changed under a bot that runs, which finds every file, whole, at every moment', async () => {
  age();
  const before = built('src/main.js');
  write('src/main.ts', 'export const version: number = 2;');
  const progress = { isDone: false };
  const building = build().finally(() => (progress.isDone = true));
  const seen = new Set<string>();
  while (!progress.isDone) {
    seen.add(built('src/main.js'));
    await sleep(1);
  }
  expect(await building).toEqual({ code: 0, output: '' });
  expect(built('src/main.js')).toContain('version = 2');
  expect([...seen].filter((text) => text !== before && text !== built('src/main.js'))).toEqual([]);
  expect(isOld('src/other.js')).toBe(true);
});

it('deletes what has no source any more: a command that was deleted would still be loaded', async () => {
  rmSync(inProject('commands', 'fun'), { recursive: true });
  expect(await build()).toEqual({ code: 0, output: '' });
  expect(readdirSync(inProject('dist'))).toEqual(['.built', 'src']);
  expect(readdirSync(inProject('dist', 'src'))).toEqual(['main.js', 'other.js']);
});

it('does nothing when nothing has changed, and makes good what somebody has changed there', async () => {
  age();
  expect(await build()).toEqual({ code: 0, output: '' });
  expect(isOld('.built')).toBe(true);
  rmSync(inProject('dist', 'src', 'main.js'));
  write('dist/src/other.js', 'broken');
  write('dist/commands/stray.js', 'module.exports = {};');
  await build();
  expect(built('src/main.js')).toContain('version = 1');
  expect(built('src/other.js')).toContain('other = 1');
  expect(readdirSync(inProject('dist', 'commands'))).toEqual(['fun']);
});

it('says where an error is, fails, and leaves the last good build as it was', async () => {
  age();
  write('src/main.ts', 'export const version: number = "two";');
  const { code, output } = await build();
  expect(code).toBe(1);
  expect(output).toMatch(/src\/main\.ts\(1,14\): error TS2322/);
  expect(built('src/main.js')).toContain('version = 1');
  expect(isOld('src/main.js')).toBe(true);
  write('src/main.ts', 'export const version: number = 1;');
  expect((await build()).code).toBe(0);
});
