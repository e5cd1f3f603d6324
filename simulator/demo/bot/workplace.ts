import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Directories in which the bot can leave nothing behind in the project, nor find anything of its owner's. */
export interface Workplace {
  readonly directory: string;
  readonly configDirectory: string;
  readonly logDirectory: string;
  /** Whether the logs are there after `clear`. */
  readonly keepsLogs: boolean;
  /** Deletes it all, and the logs too if they lie in it. */
  clear(): Promise<void>;
}

/**
 * Makes a fresh directory with a copy of the project's settings, except the machine's own (`local.yaml`).
 *
 * @param logDirectory where the logs go instead of there.
 */
export async function createWorkplace(root: string, logDirectory: string | undefined): Promise<Workplace> {
  const directory = await mkdtemp(path.join(tmpdir(), 'telltale-demo-'));
  const configDirectory = path.join(directory, 'config');
  await cp(path.join(root, 'config'), configDirectory, {
    recursive: true,
    dereference: true,
    filter: (file) => !path.basename(file).startsWith('local.'),
  });
  const logs = logDirectory === undefined ? path.join(directory, 'logs') : path.resolve(logDirectory);
  await mkdir(logs, { recursive: true });
  return {
    directory,
    configDirectory,
    logDirectory: logs,
    keepsLogs: logDirectory !== undefined,
    clear: () => rm(directory, { recursive: true, force: true }),
  };
}
