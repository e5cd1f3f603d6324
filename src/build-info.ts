import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Which build this is: on every number, so that a change can be laid at a release's door. */
export interface BuildInfo {
  readonly version: string;
  /** The commit's first seven digits; `unknown` where neither the image nor a checkout says. */
  readonly commit: string;
}

/**
 * Reads the build from the package, and the commit from what the image was built with, else from the checkout.
 *
 * @param root the directory of `package.json`.
 */
export function readBuildInfo(root: string, commit: string | undefined): BuildInfo {
  const manifest: unknown = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest
      ? String(manifest.version)
      : 'unknown';
  const known = commit === undefined || commit === '' ? checkedOutCommit(root) : commit;
  return { version, commit: known.slice(0, 7) };
}

function checkedOutCommit(root: string): string {
  const read = (...names: string[]): string => readFileSync(path.join(root, '.git', ...names), 'utf8');
  try {
    const head = read('HEAD').trim();
    const reference = /^ref: (.+)$/.exec(head)?.[1];
    if (reference === undefined) return head;
    // Git packs references now and then: then they are lines of one file.
    const packed = (): string | undefined =>
      read('packed-refs')
        .split('\n')
        .find((line) => line.endsWith(` ${reference}`));
    return existsSync(path.join(root, '.git', reference)) ? read(reference).trim() : (packed() ?? 'unknown');
  } catch {
    return 'unknown';
  }
}
