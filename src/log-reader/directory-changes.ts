import { watch, type FSWatcher } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Tells when a directory may have changed. */
export interface DirectoryChanges {
  /** Resolves at the next change, or after a moment without one: not every file system tells of changes. */
  next(): Promise<void>;
  close(): void;
}

/** Has the file system tell of changes; throws where it cannot. */
export type Watch = (directory: string, onChange: () => void) => Pick<FSWatcher, 'close' | 'on'>;

export const watchFileSystem: Watch = (directory, onChange) =>
  watch(directory, { persistent: false }, onChange);

/** Watches a directory, which may go and come back. Ends early where the signal is aborted. */
export function watchDirectory(
  directory: string,
  { pollMs, signal, watch }: { readonly pollMs: number; readonly signal: AbortSignal; readonly watch: Watch },
): DirectoryChanges {
  let watcher: ReturnType<Watch> | null = null;
  let watched = '';
  let changed = false;
  let wake: () => void = () => undefined;
  const onChange = (): void => {
    changed = true;
    wake();
  };
  const unwatch = (): void => {
    watcher?.close();
    watcher = null;
    watched = '';
  };
  const rewatch = async (): Promise<void> => {
    const found = await stat(directory).catch(() => null);
    const identity = found === null ? '' : `${found.dev}:${found.ino}`;
    if (identity === watched) return;
    unwatch();
    try {
      watcher = watch(directory, onChange);
      watcher.on('error', unwatch);
      watched = identity;
    } catch {
      // It is not there, or there are too many watchers: the poll remains.
    }
  };
  return {
    next: async () => {
      await rewatch();
      if (!changed && !signal.aborted) {
        const over = new AbortController();
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
          signal.addEventListener('abort', onChange, { once: true, signal: over.signal });
        });
        await Promise.race([woken, delay(pollMs, undefined, { signal: over.signal }).catch(() => undefined)]);
        over.abort();
      }
      changed = false;
    },
    close: unwatch,
  };
}
