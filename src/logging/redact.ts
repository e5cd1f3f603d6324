/** What stands in a line instead of a secret. */
export const REDACTED = '[redacted]';

/** Names of values that are secret whatever they look like: of a field, a header, a setting, a URL parameter. */
const SECRET_NAME =
  'authori[sz]ation|token|passw(?:or)?d|passphrase|pwd|secret|cookie|dsn|api[-_ ]?key|private[-_ ]?key|' +
  'routing[-_ ]?key|credential|webhook[-_ ]?url';
const SECRET_KEY = new RegExp(SECRET_NAME, 'i');

/** A value in running text: quoted (as it stands or inside a JSON string), or up to the next separator. */
const VALUE =
  String.raw`(?:"(?:[^"\\]|\\.)*"|\\"(?:[^"\\]|\\[^"])*\\"|'[^']*'|` +
  String.raw`(?:(?:bot|bearer|basic|digest)\s+)?[^\s,;&"'<>()[\]{}\\]+)`;
const ASSIGNED = String.raw`[\w-]{0,32}[\\"']{0,2}\s{0,4}[:=](?!\s{0,4}[\\"']{0,2}\[redacted\])\s{0,4}`;

/** One look that tells whether the slow rules can find anything. Wider than they are, never narrower. */
const SUSPICIOUS = String.raw`@|webhooks|interactions|hooks\.slack|aW50ZXJhY3Rpb246|mfa\.|\.[\w-]{6,7}\.|(?:bot|bearer|basic)\s|${SECRET_NAME}`;

/** Every quantifier is bounded or starts at a boundary: none is slower than linear on a hostile text. */
const RULES: readonly (readonly [RegExp, string])[] = [
  // A cookie header has separators of its own: all of the line is the value.
  [
    /(cookie["']?\s{0,4}[:=](?!\s{0,4}["']?\[redacted\])\s{0,4})(?:"(?:[^"\\]|\\.)*"|[^"\r\n][^\r\n]*)/gi,
    `$1${REDACTED}`,
  ],
  [new RegExp(`((?:${SECRET_NAME})${ASSIGNED})${VALUE}`, 'gi'), `$1${REDACTED}`],
  [/([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#"'<>]*@/gi, `$1${REDACTED}@`],
  [/((?:\/|%2F)(?:webhooks|interactions)(?:\/|%2F)\d+(?:\/|%2F))[^\s/?#%"'<>\\)[\]]+/gi, `$1${REDACTED}`],
  [/(hooks\.slack(?:-gov)?\.com\/)[^\s"'<>\\)[\]]+/gi, `$1${REDACTED}`],
  [/[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}|\bmfa\.[\w-]{20,}/g, REDACTED],
  [/aW50ZXJhY3Rpb246[\w+/=-]+/g, REDACTED],
  [/\b(bearer|basic)\s+(?=[\w.~+/=-]*(?:\d|=|[._~+/-]\w)|[\w-]{20})[\w.~+/=-]{6,}/gi, `$1 ${REDACTED}`],
  [/\b(bot)\s+(?:[\w-]{3,}\.[\w-]{3,}\.[\w-]{3,}|[\w.-]{20,})/gi, `$1 ${REDACTED}`],
  [
    /(?<![^\s"'<>()[\],;:\\/=])[^\s@"'<>()[\],;:\\/=]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,24}/gu,
    REDACTED,
  ],
];

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
  return {
    text: (text) =>
      suspicious.test(text) ? rules.reduce((rest, [rule, mark]) => rest.replace(rule, mark), text) : text,
    isSecretKey: (key) => SECRET_KEY.test(key),
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
