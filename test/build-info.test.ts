import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findBuildInfo, readBuildInfo } from '../src/build-info';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
let root: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'telltale-build-'));
  put('package.json', '{ "name": "@me/bot", "version": "1.2.3" }');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

it('an image says its commit itself', () => {
  put('.git/HEAD', `${'f'.repeat(40)}\n`);
  expect(readBuildInfo(root, COMMIT)).toEqual({ name: 'bot', version: '1.2.3', commit: '0123456' });
});

it('a checkout of a branch, or of a commit, is known by its commit', () => {
  put('.git/HEAD', 'ref: refs/heads/feature/one\n');
  put('.git/refs/heads/feature/one', `${COMMIT}\n`);
  expect(readBuildInfo(root, undefined).commit).toBe('0123456');
  put('.git/HEAD', `${COMMIT}\n`);
  expect(readBuildInfo(root, undefined).commit).toBe('0123456');
});

it('a package without either still starts, and says that it does not know', () => {
  expect(readBuildInfo(root, undefined)).toMatchObject({ version: '1.2.3', commit: 'unknown' });
  put('package.json', '{}');
  expect(readBuildInfo(root, undefined)).toEqual({ name: 'unknown', version: 'unknown', commit: 'unknown' });
});

it('a worktree, whose branches are those of its repository, is known by its commit', () => {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.org', ...args], { cwd: root })
      .toString()
      .trim();
  git('init', '--quiet');
  git('commit', '--quiet', '--allow-empty', '--message', 'first');
  git('worktree', 'add', '--quiet', '-b', 'other', 'tree');
  put('tree/package.json', '{ "version": "1.2.3" }');
  const tree = path.join(root, 'tree');
  expect(readBuildInfo(tree, undefined).commit).toBe(git('rev-parse', 'HEAD').slice(0, 7));
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

describe('the build of a bot that is not ours', () => {
  const find = (...directories: string[]) =>
    findBuildInfo(
      directories.map((one) => path.join(root, one)),
      undefined,
    );

  it('is that of its package and its checkout, however deep its main file lies', () => {
    put('.git/HEAD', COMMIT);
    put('dist/package.json', '{ "type": "module" }');
    expect(find('dist/src')).toEqual({ name: 'bot', version: '1.2.3', commit: '0123456' });
    put('packages/bot/package.json', '{ "name": "other", "version": "2.0.0" }');
    expect(find('packages/bot/src')).toEqual({ name: 'other', version: '2.0.0', commit: '0123456' });
  });

  it('has the commit that its environment says, such as that of an image', () => {
    put('.git/HEAD', 'f'.repeat(40));
    expect(findBuildInfo([root], COMMIT)).toMatchObject({ version: '1.2.3', commit: '0123456' });
  });

  it('is not that of what runs it, but of the directory that it was started in', () => {
    put('.git/HEAD', COMMIT);
    put('node_modules/runner/package.json', '{ "name": "runner", "version": "9.9.9" }');
    expect(find('node_modules/runner/bin', '.')).toEqual({
      name: 'bot',
      version: '1.2.3',
      commit: '0123456',
    });
  });

  it('is never put together of two places: a version of the one and a commit of the other never were a build', () => {
    put('elsewhere/.git/HEAD', COMMIT);
    expect(find('.', 'elsewhere')).toEqual({ name: 'bot', version: '1.2.3', commit: 'unknown' });
  });

  it('is unknown where nobody says it, and whatever a package.json holds breaks nothing', () => {
    for (const text of ['{}', '', 'null', '[', '{ "version": 5, "name": {} }', '{ "version": "" }']) {
      put('package.json', text);
      expect(find('.')).toEqual({ name: 'bot', version: 'unknown', commit: 'unknown' });
    }
    expect(findBuildInfo([], undefined).version).toBe('unknown');
  });
});
