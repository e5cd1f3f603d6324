import Module, { register } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Lets command modules that lie outside of this package import what it has, discord.js above all: somebody who drops
 * a command into a directory of theirs has no `node_modules` beside it. What they do have is found first.
 *
 * @param directories where commands are taken from.
 * @param root the directory of this package's `package.json`.
 * @param environment the process's own, where Node looks for `NODE_PATH`.
 */
export function shareModules(
  directories: readonly string[],
  root: string,
  environment: NodeJS.ProcessEnv,
): void {
  const isOutside = (directory: string): boolean =>
    path.relative(root, path.resolve(directory)).startsWith('..');
  if (!directories.some(isOutside)) return;
  shareWithCommonJs(path.join(root, 'node_modules'), environment);
  shareWithEsm(root);
}

/** `NODE_PATH` is Node's own way for CommonJS; it is read at the start, so Node is asked to read it again. */
function shareWithCommonJs(nodeModules: string, environment: NodeJS.ProcessEnv): void {
  const paths = [environment.NODE_PATH, nodeModules].filter((part) => part !== undefined && part !== '');
  environment.NODE_PATH = paths.join(path.delimiter);
  const { _initPaths: readAgain } = Module as unknown as { readonly _initPaths?: () => void };
  readAgain?.();
}

/** ESM knows no `NODE_PATH`. A name that was not found is looked for once more, as if this package had asked. */
function shareWithEsm(root: string): void {
  const parentURL = pathToFileURL(path.join(root, 'package.json')).href;
  const hooks = `
    export async function resolve(specifier, context, next) {
      try {
        return await next(specifier, context);
      } catch (error) {
        const isBare = !/^(?:[./]|[a-z]+:)/.test(specifier);
        if (error?.code !== 'ERR_MODULE_NOT_FOUND' || !isBare) throw error;
        try {
          return await next(specifier, { ...context, parentURL: ${JSON.stringify(parentURL)} });
        } catch {
          throw error;
        }
      }
    }`;
  register(`data:text/javascript,${encodeURIComponent(hooks)}`);
}
