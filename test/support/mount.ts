import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own, to be filled or made read-only. */
export interface Mounted {
  readonly directory: string;
  /** From now on nothing can be created in it; what is open stays open. Gives how to undo that. */
  readonly makeReadOnly: () => () => void;
  /** Takes all the room there is. Gives how to give it back. */
  readonly fill: () => () => void;
  readonly unmount: () => void;
}

/** Mounts a small one; null where this user may not. */
export function mountSmall(size: `${number}k`): Mounted | null {
  const directory = mkdtempSync(join(tmpdir(), 'telltale-mount-'));
  const mount = (...args: string[]): unknown => execFileSync('mount', args, { stdio: 'ignore' });
  const unmount = (): unknown => execFileSync('umount', ['-l', directory], { stdio: 'ignore' });
  try {
    mount('-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', directory);
  } catch {
    rmSync(directory, { recursive: true });
    return null;
  }
  return {
    directory,
    makeReadOnly: () => {
      mount('--bind', directory, directory);
      mount('-o', 'remount,ro,bind', directory);
      return () => void unmount();
    },
    fill: () => {
      const ballast = join(directory, 'ballast');
      for (let kilobytes = 1024; kilobytes > 0;) {
        try {
          writeFileSync(ballast, Buffer.alloc(kilobytes * 1024), { flag: 'a' });
        } catch {
          kilobytes = Math.floor(kilobytes / 2);
        }
      }
      return () => rmSync(ballast);
    },
    unmount: () => {
      unmount();
      rmSync(directory, { recursive: true });
    },
  };
}
