import path from 'node:path';

/**
 * Where a bot that is not ours may be, first to last: its main file's directory, and the one that it was started in.
 *
 * @param argv the process's: what runs, its main file, its arguments.
 */
export function botDirectories([, main]: readonly string[], workingDirectory: string): readonly string[] {
  return main === undefined ? [workingDirectory] : [path.dirname(path.resolve(main)), workingDirectory];
}
