import { pathToFileURL } from 'node:url';

/** Where the statistics are kept beyond the demo. */
export interface KeptDatabase {
  /** As the bot takes it, whatever directory it runs in. */
  readonly url: string;
  /** For people: without a password. */
  readonly name: string;
}

/**
 * Reads `DATABASE_URL`; null if it is not set. What is wrong with it, the bot says.
 *
 * @param directory what a relative `file:` path is relative to.
 */
export function keptDatabase(given: string | undefined, directory: string): KeptDatabase | null {
  const text = given?.trim() ?? '';
  if (text === '') return null;
  if (!/^file:./.test(text)) return { url: text, name: withoutUser(text) };
  const base = pathToFileURL(`${directory}/`).href;
  if (!URL.canParse(text, base)) return { url: text, name: text };
  const { href } = new URL(text, base);
  return { url: href, name: href.replace(/^file:\/\//, 'file:') };
}

function withoutUser(url: string): string {
  if (!URL.canParse(url)) return 'DATABASE_URL';
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
