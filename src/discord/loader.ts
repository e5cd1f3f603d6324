import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  type APIApplicationCommandOption,
  type RESTPostAPIApplicationCommandsJSONBody,
} from 'discord.js';
import { OTHER, type Kind } from '../telemetry/event';
import type { CommandModules, FailedModule } from '../telemetry/health';
import type { CommandModule } from './command';
import { isText, limitsOf, type CommandLimits } from './command-limits';
import { collide, routesOf, type ComponentRoute } from './component-routes';
import { findMisspelt } from './misspelt';

/** From files to command modules. A module that is broken is named, and costs nobody else. */

export interface LoadedCommand {
  readonly name: string;
  readonly kind: Extract<Kind, 'chat_input' | 'user_menu' | 'message_menu'>;
  /** Every full path that can be typed: "stats", or "ticket close", "ticket admin purge". */
  readonly paths: readonly string[];
  readonly data: RESTPostAPIApplicationCommandsJSONBody;
  readonly module: CommandModule;
  /** Of its buttons, selects and modals. */
  readonly routes: readonly ComponentRoute[];
  /** Read once, as it was loaded. */
  readonly limits: CommandLimits;
  /** Whether it can be called in a message too. */
  readonly text: boolean;
  /** Absolute. */
  readonly file: string;
}

export interface LoadedCommands extends CommandModules {
  readonly commands: readonly LoadedCommand[];
}

const MODULE_FILE = /\.[cm]?js$/;
const PASSED_OVER = /^[._]|\.(test|spec)\.[cm]?js$/;
const IMPORT_LIMIT_MS = 10_000;

/**
 * Loads every module below these directories, in the order of the directories and then of the paths. Never rejects:
 * what cannot be loaded, a directory included, is in `failed`.
 */
export async function loadCommands(directories: readonly string[]): Promise<LoadedCommands> {
  const failed: FailedModule[] = [];
  const commands = new Map<string, LoadedCommand>();
  const found = await Promise.all(directories.map(findModules));
  for (const { directory, files, problem } of found) {
    if (problem !== null) failed.push({ file: directory, reason: problem });
    const modules = await Promise.all(files.map(importModule));
    for (const [index, result] of modules.entries()) {
      const file = files[index] ?? directory;
      const named = path.relative(directory, file);
      try {
        if ('error' in result) throw result.error;
        const command = describe(result.exports, file);
        const key = `${command.kind} ${command.name}`;
        const taken = commands.get(key);
        if (taken !== undefined) throw new Error(`the name "${command.name}" is taken by ${taken.file}`);
        refuseTakenRoutes(command, commands.values());
        commands.set(key, command);
      } catch (error) {
        failed.push({ file: named, reason: reasonOf(error).replaceAll(`${directory}${path.sep}`, '') });
      }
    }
  }
  return { commands: [...commands.values()], loaded: commands.size, failed };
}

async function findModules(directory: string) {
  const absolute = path.resolve(directory);
  try {
    return { directory: absolute, files: (await walk(absolute, new Set())).sort(), problem: null };
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const problem = isMissing
      ? 'there is no such directory; COMMANDS_DIRECTORY names it'
      : `the directory cannot be read: ${reasonOf(error)}`;
    return { directory: absolute, files: [], problem };
  }
}

/** Every module below a directory, through links too, but each directory once: links can run in circles. */
async function walk(directory: string, seen: Set<string>): Promise<string[]> {
  const real = await realpath(directory);
  if (seen.has(real)) return [];
  seen.add(real);
  const names = (await readdir(directory)).filter(
    (name) => !PASSED_OVER.test(name) && name !== 'node_modules',
  );
  const found: string[] = [];
  for (const name of names) {
    const file = path.join(directory, name);
    const kind = await stat(file).catch(() => null); // A link that leads nowhere is named when it is imported.
    if (kind?.isDirectory() === true) found.push(...(await walk(file, seen)));
    else if (MODULE_FILE.test(name)) found.push(file);
  }
  return found;
}

type Imported = { readonly exports: unknown } | { readonly error: unknown };

/** Imports CommonJS and ESM alike. One that waits for ever at its top level has failed after 10 s. */
async function importModule(file: string): Promise<Imported> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<Imported>((resolve) => {
    const error = new Error(`it did not load within ${IMPORT_LIMIT_MS / 1000} s`);
    timer = setTimeout(() => resolve({ error }), IMPORT_LIMIT_MS);
  });
  const imported = import(pathToFileURL(file).href).then(
    (exports: unknown): Imported => ({ exports }),
    (error: unknown): Imported => ({ error }),
  );
  const result = await Promise.race([imported, limit]);
  clearTimeout(timer);
  return result;
}

function describe(exports: unknown, file: string): LoadedCommand {
  const module = moduleIn(exports);
  refuseMisspelt(module);
  const data = dataOf(module);
  const kind = kindOf(data);
  checkName(data, kind);
  const limits = limitsOf(module);
  checkDescription(data, kind);
  const text = isText(module, kind === 'chat_input');
  const routes = routesOf(module.components);
  return { name: data.name, kind, paths: pathsOf(data), data, module, routes, limits, text, file };
}

/** A command that was meant for its owner alone must not be open to everybody for a letter. */
function refuseMisspelt(module: CommandModule): void {
  const misspelt = findMisspelt(module);
  if (misspelt === null) return;
  throw new Error(
    `it exports \`${misspelt.given}\`, which nobody reads: did you mean \`${misspelt.meant}\`?`,
  );
}

function refuseTakenRoutes({ routes }: LoadedCommand, others: Iterable<LoadedCommand>): void {
  for (const other of others) {
    for (const route of routes) {
      const taken = other.routes.find((one) => collide(one, route));
      if (taken === undefined) continue;
      throw new Error(`its route "${route.pattern}" is taken by "${taken.pattern}" of ${other.file}`);
    }
  }
}

type Shape = Partial<Record<keyof CommandModule, unknown>>;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The guide's shapes: `module.exports = { … }`, `export default { … }`, or `export const data` with its function. */
function moduleIn(exports: unknown): CommandModule {
  const candidates: Shape[] = [];
  for (let value = exports; isObject(value) && candidates.length < 3;) {
    candidates.push(value);
    value = 'default' in value ? value.default : undefined;
  }
  const whole = candidates.find(isModule);
  if (whole !== undefined) return whole;
  const half = candidates.find(({ data, execute }) => data !== undefined || execute !== undefined);
  if (half === undefined) throw new Error('it exports no `data` and no `execute`');
  throw new Error(half.data === undefined ? 'it exports no `data`' : 'it exports no function `execute`');
}

function isModule(shape: Shape): shape is CommandModule {
  return isObject(shape.data) && typeof shape.execute === 'function';
}

/** The data as they go over the wire: what cannot be written as JSON is this module's fault, and no other's. */
function dataOf({ data }: CommandModule): RESTPostAPIApplicationCommandsJSONBody {
  const text = JSON.stringify(data, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  return JSON.parse(text) as RESTPostAPIApplicationCommandsJSONBody;
}

function kindOf(data: RESTPostAPIApplicationCommandsJSONBody): LoadedCommand['kind'] {
  switch (data.type) {
    case undefined:
    case ApplicationCommandType.ChatInput:
      return 'chat_input';
    case ApplicationCommandType.User:
      return 'user_menu';
    case ApplicationCommandType.Message:
      return 'message_menu';
    default:
      throw new Error(`its \`data.type\` is ${data.type}, which is no slash command or menu`);
  }
}

// As Discord's documentation of application commands has it.
const CHAT_INPUT_NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;

function checkName(data: RESTPostAPIApplicationCommandsJSONBody, kind: LoadedCommand['kind']): void {
  const name: unknown = data.name;
  if (typeof name !== 'string' || name === '') throw new Error('its `data` has no name');
  if (name === OTHER) throw new Error(`"${OTHER}" is the name under which unknown commands are counted`);
  const good =
    kind === 'chat_input' ? CHAT_INPUT_NAME.test(name) && name === name.toLowerCase() : name.length <= 32;
  if (!good) {
    throw new Error(
      `"${name}" is no name that Discord takes: 1 to 32 letters, digits, - or _, in lower case`,
    );
  }
}

function checkDescription(data: RESTPostAPIApplicationCommandsJSONBody, kind: LoadedCommand['kind']): void {
  if (kind !== 'chat_input') return;
  const description: unknown = Reflect.get(data, 'description');
  if (typeof description === 'string' && description.length >= 1 && description.length <= 100) return;
  throw new Error('its `data.description` should be a text of 1 to 100 characters');
}

function pathsOf(data: RESTPostAPIApplicationCommandsJSONBody): string[] {
  const options = ('options' in data ? data.options : undefined) ?? [];
  const below = (option: APIApplicationCommandOption): string[] => {
    if (option.type === ApplicationCommandOptionType.Subcommand) return [option.name];
    if (option.type !== ApplicationCommandOptionType.SubcommandGroup) return [];
    return (option.options ?? []).map((subcommand) => `${option.name} ${subcommand.name}`);
  };
  const paths = options.flatMap(below);
  return paths.length === 0 ? [data.name] : paths.map((rest) => `${data.name} ${rest}`);
}

/** Says what was thrown, whatever it was: looking at it may throw again. */
function reasonOf(error: unknown): string {
  try {
    if (!(error instanceof Error)) return `it threw ${String(error)} while it was loaded`;
    const [firstLine = ''] = error.message.split('\n');
    if (error instanceof SyntaxError) return `SyntaxError: ${firstLine}${lineOf(error)}`;
    return error.name === 'Error' ? firstLine : `${error.name}: ${firstLine}`;
  } catch {
    return 'it threw something that cannot be described';
  }
}

/** Node puts the place of a syntax error in front of its stack. */
function lineOf({ stack = '' }: SyntaxError): string {
  const line = /^\S.*:(\d+)\n/.exec(stack)?.[1];
  return line === undefined ? '' : ` (line ${line})`;
}
