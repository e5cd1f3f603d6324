import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Which build this is: on every number and every line, so that a change can be laid at a release's door. */
export interface BuildInfo {
  /** The package's, without its scope. */
  readonly name: string;
  /** `unknown` where the package has none. */
  readonly version: string;
  /** The commit's first seven digits; `unknown` where neither the image nor a checkout says. */
  readonly commit: string;
}

const UNKNOWN = 'unknown';
const COMMIT_LENGTH = 7;
/** Longer ones than any version that is meant to be read. */
const VERSION_LENGTH = 64;

/**
 * Reads the build from the package, and the commit from what the image was built with, else from the checkout.
 *
 * @param root the directory of `package.json`.
 * @throws where there is none.
 */
export function readBuildInfo(root: string, commit: string | undefined): BuildInfo {
  const { name, version } = readPackage(root);
  return {
    name: name ?? UNKNOWN,
    version: version ?? UNKNOWN,
    commit: shortCommit(commit) ?? checkedOutCommit(root),
  };
}

/**
 * Finds the build of a bot that is not ours: name and version of the nearest package at or above a directory that has a
 * version, and the commit of the nearest checkout, where the bot's environment does not say it. Never throws.
 *
 * @param directories where the bot may be; the first counts that leads to a package or a checkout. What stands in
 * `node_modules` runs the bot, and is none.
 */
export function findBuildInfo(directories: readonly string[], commit: string | undefined): BuildInfo {
  const candidates = directories.filter((directory) => !directory.split(path.sep).includes('node_modules'));
  const builds = candidates.map(buildAbove);
  const found = builds.find((build) => build.version !== UNKNOWN || build.commit !== UNKNOWN);
  const { name, version, ...checkout } = found ?? { name: 'bot', version: UNKNOWN, commit: UNKNOWN };
  return { name, version, commit: shortCommit(commit) ?? checkout.commit };
}

function buildAbove(directory: string): BuildInfo {
  const above = andAbove(path.resolve(directory));
  const checkout = above.find((one) => existsSync(path.join(one, '.git')));
  const { name = 'bot', version = UNKNOWN } =
    above.map(packageIn).find((one) => one.version !== undefined) ?? {};
  return { name, version, commit: checkout === undefined ? UNKNOWN : checkedOutCommit(checkout) };
}

function andAbove(directory: string): readonly string[] {
  const parent = path.dirname(directory);
  return parent === directory ? [directory] : [directory, ...andAbove(parent)];
}

interface Package {
  readonly name?: string;
  readonly version?: string;
}

/** A directory without one, or with one that cannot be read, has none. */
function packageIn(directory: string): Package {
  try {
    return readPackage(directory);
  } catch {
    return {};
  }
}

function readPackage(directory: string): Package {
  const manifest: unknown = JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8'));
  if (typeof manifest !== 'object' || manifest === null) return {};
  const fields = new Map<string, unknown>(Object.entries(manifest));
  const [name, version] = [fields.get('name'), fields.get('version')];
  return {
    ...(isFilled(name) ? { name: name.slice(name.lastIndexOf('/') + 1) } : {}),
    ...(isFilled(version) ? { version: version.trim().slice(0, VERSION_LENGTH) } : {}),
  };
}

const isFilled = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

function shortCommit(commit: string | undefined): string | undefined {
  const short = commit?.trim().slice(0, COMMIT_LENGTH);
  return short === '' ? undefined : short;
}

function checkedOutCommit(root: string): string {
  try {
    const own = gitDirectoryOf(root);
    const head = readFileSync(path.join(own, 'HEAD'), 'utf8').trim();
    const reference = /^ref: (.+)$/.exec(head)?.[1];
    const commit = reference === undefined ? head : referenced(reference, own);
    return commit?.slice(0, COMMIT_LENGTH) ?? UNKNOWN;
  } catch {
    return UNKNOWN;
  }
}

/** In a worktree and in a submodule, `.git` is a file that says where it is. */
function gitDirectoryOf(root: string): string {
  const git = path.join(root, '.git');
  if (statSync(git).isDirectory()) return git;
  return path.resolve(root, readFileSync(git, 'utf8').replace('gitdir: ', '').trim());
}

/** Worktrees share their references; and git packs them now and then: then they are lines of one file. */
function referenced(reference: string, own: string): string | undefined {
  const common = path.join(own, 'commondir');
  const shared = existsSync(common) ? path.resolve(own, readFileSync(common, 'utf8').trim()) : own;
  const loose = [own, shared].map((directory) => path.join(directory, reference)).find(existsSync);
  if (loose !== undefined) return readFileSync(loose, 'utf8').trim();
  const packed = readFileSync(path.join(shared, 'packed-refs'), 'utf8');
  return packed.split('\n').find((line) => line.endsWith(` ${reference}`));
}
