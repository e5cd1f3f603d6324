import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readBuildInfo } from '../src/build-info';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
let root: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'telltale-build-'));
  put('package.json', '{ "version": "1.2.3" }');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

it('an image says its commit itself', () => {
  put('.git/HEAD', `${'f'.repeat(40)}\n`);
  expect(readBuildInfo(root, COMMIT)).toEqual({ version: '1.2.3', commit: '0123456' });
});

it('a checkout of a branch, or of a commit, is known by its commit', () => {
  put('.git/HEAD', 'ref: refs/heads/feature/one\n');
  put('.git/refs/heads/feature/one', `${COMMIT}\n`);
  expect(readBuildInfo(root, undefined).commit).toBe('0123456');
  put('.git/HEAD', `${COMMIT}\n`);
  expect(readBuildInfo(root, undefined).commit).toBe('0123456');
});

it('a package without either still starts, and says that it does not know', () => {
  expect(readBuildInfo(root, undefined)).toEqual({ version: '1.2.3', commit: 'unknown' });
  put('package.json', '{}');
  expect(readBuildInfo(root, undefined)).toEqual({ version: 'unknown', commit: 'unknown' });
});

it('an image that was built without saying its commit does not have an empty one', () => {
  expect(readBuildInfo(root, '').commit).toBe('unknown');
});

it('a checkout that git has tidied up is known by its commit all the same', () => {
  const git = (...options: string[]): string =>
    execFileSync('git', ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@b', ...options]).toString();
  git('init', '--quiet');
  git('commit', '--quiet', '--allow-empty', '--message', 'first');
  git('pack-refs', '--all');
  expect(readBuildInfo(root, undefined).commit).toBe(git('rev-parse', 'HEAD').slice(0, 7));
});
