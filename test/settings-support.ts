import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadSettings, SettingsError, type Environment, type Settings } from '../src/settings';

/** Settings from real files: those in `config/`, and what a test puts beside them. */

export const TOKEN = 'MTIz.abcdef.the-secret-of-the-bot';
const directories: string[] = [];
/** Deletes what the test has written. */
export function cleanUp(): void {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
}

export interface Given {
  /** By path below the working directory: `.env`, `config/local.yaml`. */
  readonly files?: Readonly<Record<string, string>>;
  readonly environment?: Environment;
}

/** A working directory with these files, and the configuration of the project. */
export function workplace(files: Given['files'] = {}): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'telltale-settings-'));
  directories.push(directory);
  mkdirSync(path.join(directory, 'config'));
  for (const profile of ['default', 'development', 'production']) {
    const file = path.join('config', `${profile}.yaml`);
    cpSync(path.resolve(__dirname, '..', file), path.join(directory, file));
  }
  // There, if empty: that of a real checkout is absent, as every start of the compiled bot shows to be fine.
  writeFileSync(path.join(directory, 'config', 'local.yaml'), '');
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(directory, file), text);
  return directory;
}

/** Loads settings as the process would in such a directory. */
export function load({ files = {}, environment = {} }: Given = {}, directory = workplace(files)): Settings {
  return loadSettings({
    environment: { DISCORD_TOKEN: TOKEN, ...environment },
    workingDirectory: directory,
    configDirectory: path.join(directory, 'config'),
  });
}

/** A bot that is given all it knows in local.yaml. */
export const local = (text: string): Given => ({
  environment: { DISCORD_TOKEN: '' },
  files: { 'config/local.yaml': text },
});

/** What is wrong with the settings; nothing if they are right. */
export function problemsOf(given: Given): readonly string[] {
  try {
    load(given);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}
