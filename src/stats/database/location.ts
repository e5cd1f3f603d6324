import path from 'node:path';
import { DatabaseProblem } from './errors';

export type Location =
  { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'postgres'; readonly url: string };

/**
 * Where a database is: `file:` and a path, relative to the working directory or absolute, percent-encoded where need
 * be (`file:data/my%20bot.db`, `file:///var/lib/telltale.db`); or `postgres://…`. Throws a DatabaseProblem otherwise,
 * without the address, since there may be a password in it.
 */
export function locate(url: string): Location {
  if (url.startsWith('file:'))
    return { kind: 'sqlite', path: path.resolve(pathOf(url.slice('file:'.length))) };
  if (/^postgres(ql)?:\/\//.test(url)) return { kind: 'postgres', url };
  throw new DatabaseProblem(
    'refused',
    'The address of the database must be file: and a path, or postgres://user:password@host/database.',
  );
}

function pathOf(encoded: string): string {
  const local = encoded.startsWith('//') ? encoded.slice(encoded.indexOf('/', 2)) : encoded;
  const decoded = decode(local);
  if (decoded === '' || decoded.includes('\0')) {
    throw new DatabaseProblem('refused', 'The address of the database has no path after file:.');
  }
  return decoded;
}

/** A percent sign that encodes nothing stands for itself. */
function decode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}
