import type { LoadedCommand } from '../loader';
import { namesOf } from './arguments';
import type { Word } from './call';

/** The commands that can be called in a message, by what they are called in any language. */
export interface TextTable {
  /** Gives what the words begin with; null: no command. */
  find(words: readonly Word[]): FoundText | null;
  /** For a word of help. */
  readonly names: readonly string[];
}

export interface FoundText {
  readonly command: LoadedCommand;
  /** Null where the command has subcommands, and none of them follows. */
  readonly path: string | null;
  /** The words behind the path. */
  readonly rest: readonly Word[];
}

export function createTextTable(commands: readonly LoadedCommand[]): TextTable {
  const byName = new Map<string, LoadedCommand>();
  for (const command of commands) {
    for (const name of namesOf(command.data)) if (!byName.has(name)) byName.set(name, command);
  }
  // What a command is called by itself comes before what another is called in some language.
  for (const command of commands) byName.set(command.name, command);
  return {
    names: commands.map(({ name }) => name),
    find(words) {
      const [first, ...rest] = words;
      const command = first === undefined ? undefined : byName.get(first.text.toLowerCase());
      if (command === undefined) return null;
      // Of two that fit, the longer one is meant.
      for (const below of [2, 1, 0]) {
        const path = [command.name, ...rest.slice(0, below).map(({ text }) => text.toLowerCase())].join(' ');
        if (command.paths.includes(path)) return { command, path, rest: rest.slice(below) };
      }
      return { command, path: null, rest };
    },
  };
}
