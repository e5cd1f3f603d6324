import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

/** Settings as they are written: trees of values by name, laid one over the other. */

export type Tree = Readonly<Record<string, unknown>>;

export interface Layer {
  readonly tree: Tree;
  /** Where the value at a dotted path was set last. */
  readonly origin: (keys: string) => string;
}

/** Reads `default.yaml`, the profile's file and `local.yaml`, the later over the earlier. What is wrong goes to `problems`. */
export function readFiles(directory: string, profile: string, problems: string[]): Layer {
  const files = ['default', profile, 'local'].map((name) => {
    const file = path.join(directory, `${name}.yaml`);
    return { file, tree: readFile(file, problems) };
  });
  return {
    tree: files.reduce<Tree>((below, { tree }) => merge(below, tree), {}),
    origin: (keys) => files.findLast(({ tree }) => at(tree, keys) !== undefined)?.file ?? directory,
  };
}

/** What a file says; nothing if it is not there. */
function readFile(file: string, problems: string[]): Tree {
  try {
    // Ids have more digits than a number holds.
    const tree: unknown = parse(readFileSync(file, 'utf8'), { intAsBigInt: true });
    if (isTree(tree)) return tree;
    if (tree !== null) problems.push(`${file} should hold settings by name, as config/default.yaml does.`);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isAbsent = 'code' in error && error.code === 'ENOENT';
    // The first line says what and where; those after it quote the file, secrets and all.
    if (!isAbsent) problems.push(`${file} cannot be read: ${error.message.split('\n')[0] ?? ''}`);
  }
  return {};
}

/** The one tree over the other: sections are joined, values replaced. */
export function merge(below: Tree, above: Tree): Tree {
  const merged = Object.entries(above).map(([key, value]) => {
    const under = below[key];
    if (isTree(under) && value === null) return [key, under] as const; // A section with all its lines commented out.
    return [key, isTree(under) && isTree(value) ? merge(under, value) : value] as const;
  });
  return { ...below, ...Object.fromEntries(merged) };
}

const isTree = (node: unknown): node is Tree =>
  typeof node === 'object' && node !== null && !Array.isArray(node);

/** What stands at a dotted path. */
export function at(tree: unknown, keys: string): unknown {
  return keys.split('.').reduce<unknown>((node, key) => (isTree(node) ? node[key] : undefined), tree);
}

/** A tree with nothing but this value, at a dotted path. */
export function branch(keys: string, value: unknown): Tree {
  const [first = '', ...rest] = keys.split('.');
  return { [first]: rest.length === 0 ? value : branch(rest.join('.'), value) };
}
