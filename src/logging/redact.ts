import { isSecretName } from './secret-names';
import { REDACTED, RULES, SUSPICIOUS } from './secret-rules';

export { isSecretName, REDACTED };

/** Texts that were found to hold nothing are remembered up to this length, and up to so many. */
const MAX_REMEMBERED_LENGTH = 16;
const MAX_REMEMBERED = 1000;

export interface Redactor {
  /** The text without the secrets in it. Applying it twice changes nothing more. */
  readonly text: (text: string) => string;
  /** Whether what stands under this name is secret, whatever it is. */
  readonly isSecretKey: (key: string) => boolean;
  /** Longest secret that is known, in characters: a text that is cut may have cut one in two this far back. */
  readonly longest: number;
}

/** Makes a redactor. Exact `secrets` shorter than four characters are passed over: they would blank out words. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const exact = secrets.filter((secret) => secret.trim().length >= 4).flatMap(spellings);
  exact.sort((a, b) => b.length - a.length);
  const alternatives = exact.map(escapeRegExp).join('|');
  const suspicious = new RegExp(alternatives === '' ? SUSPICIOUS : `${SUSPICIOUS}|${alternatives}`, 'i');
  const rules: typeof RULES =
    alternatives === '' ? RULES : [[new RegExp(alternatives, 'g'), REDACTED], ...RULES];
  const clean = new Set<string>();
  /** Most values are one of a few words: a look at each of them once is enough. */
  const isClean = (text: string): boolean => {
    if (text.length > MAX_REMEMBERED_LENGTH) return !suspicious.test(text);
    if (clean.has(text)) return true;
    if (suspicious.test(text)) return false;
    if (clean.size >= MAX_REMEMBERED) clean.clear();
    clean.add(text);
    return true;
  };
  return {
    text: (text) =>
      isClean(text) ? text : rules.reduce((rest, [rule, mark]) => rest.replace(rule, mark), text),
    isSecretKey: isSecretName,
    longest: Math.max(1024, ...exact.map((secret) => secret.length)),
  };
}

/** A secret as it may appear: plain, in a URL, inside a JSON string, in base64. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = bytes.toString('base64').replace(/=+$/, '');
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [...new Set([secret, encodeURIComponent(bytes.toString()), inJson, base64])];
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
