import { COUNT_NAME, SECRET_NAME, SHORT_SECRET_NAME } from './secret-names';

/** What stands in a line instead of a secret. */
export const REDACTED = '[redacted]';

/** The quotes of a name or of a value: as they stand, or inside JSON strings of up to two levels. */
const QUOTES = String.raw`[\\"'\`)\]]{0,5}`;
/** The value that stands after what says that it is secret. One that has been taken out already is none. */
const NOT_YET = String.raw`(?!\s{0,4}[\\"'\`]{0,4}\[redacted\])`;
/**
 * A value in running text: quoted (as it stands or inside a JSON string), a list, or up to the next separator. What is not
 * closed goes on to the end: a text may be cut anywhere.
 */
const VALUE = [
  String.raw`"(?:[^"\\]|\\[^]?)*(?:"|$)`,
  String.raw`\\"(?:[^"\\]|\\+[^"\\]|\\{2,}")*(?:\\?"|\\*$)`,
  String.raw`\\{3}"(?:[^"\\]|\\+[^"\\]|\\{4,}")*(?:\\{0,3}"|\\*$)`,
  String.raw`'(?:[^'\\]|\\[^]?)*(?:'|$)`,
  '`(?:[^`\\\\]|\\\\[^]?)*(?:`|$)',
  String.raw`\[[^\]]*(?:\]|$)`,
  String.raw`\{[^}]*(?:\}|$)`,
  String.raw`(?:digest|oauth|aws4-hmac-sha256)\s[^\r\n]*`,
  String.raw`(?:(?:bot|bearer|basic|token|api-?key|negotiate)\s+)?[^\s,;&"'\`<>()[\]{}\\]+`,
].join('|');
/** `:` and `=` in the forms of languages, shells and URLs, or what stands between a name and its value in a list of pairs. */
const ASSIGNS = String.raw`(?:,\s{0,8}[\\"']{0,4}value[\\"']{0,4}\s{0,4})?(?:[:=]{1,3}>?(?![:=>])|->|%(?:25){0,2}3D)`;
const END = String.raw`(?![^\s,;&"'\`)}\]\\])`;
/** Values that cannot be secret: none at all, and numbers that count. */
const OPEN =
  `(?:null|undefined|true|false)${END}|` +
  String.raw`(?<=(?:${COUNT_NAME})${QUOTES}\s{0,4}[:=]{1,2}\s{0,4})\d{1,13}(?:\.\d{1,9})?${END}`;
const assigned = (names: string): RegExp =>
  new RegExp(`(${names}${QUOTES}\\s{0,4}${ASSIGNS}${NOT_YET}\\s{0,4})(?!${OPEN})(?:${VALUE})`, 'gi');

/** Keys of services that say by their beginning what they are. */
const KNOWN_KEYS = [
  'gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\\w{20,}|glpat-[\\w-]{16,}',
  'xox[a-z]-[\\w-]{8,}|xapp-[\\w-]{8,}',
  '(?:[sr]k_(?:live|test)|whsec)_[\\w+/=]{8,}|sk-[\\w-]{20,}',
  '(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[\\w-]{30,}|ya29\\.[\\w-]{20,}',
  'npm_[A-Za-z0-9]{20,}|hf_[A-Za-z0-9]{20,}|SG\\.[\\w-]{16,}\\.[\\w-]{16,}',
].join('|');

/** One look that tells whether the slow rules can find anything. Wider than they are, never narrower. */
export const SUSPICIOUS =
  String.raw`@|%40|webhook|interactions|\/hooks?\.|hooks\.slack|aW50ZXJhY3Rpb246|mfa\.|\.[\w-]{6,7}\.|eyJ|\/bot\d|` +
  String.raw`gh[pousr]_|_pat_|glpat-|xox[a-z]-|xapp-|k_(?:live|test)_|whsec_|sk-|AKIA|ASIA|AIza|ya29\.|npm_|hf_|SG\.|` +
  String.raw`PRIVATE KEY|[?&](?:key|sig|signature|auth|pass|code|hm)=|(?:bot|bearer|basic)\s|\s-u\s|\s--(?:proxy-)?user|` +
  String.raw`(?:${SHORT_SECRET_NAME})[\\"']{0,4}\s{0,4}[:=]|${SECRET_NAME}`;

/** Of a URL, plain, in JSON, or as a part of another URL. */
const SLASH = String.raw`(?:\\?\/{1,2}|\\\/|%(?:25){0,2}2F)`;

/**
 * What a rule does not take out, it keeps as it is. Every quantifier is bounded or starts at a boundary: none is slower
 * than linear on a hostile text.
 */
export const RULES: readonly (readonly [RegExp, string])[] = [
  // A cookie header has separators of its own: all of the line is the value.
  [
    /(cookie["']?\s{0,4}[:=](?!\s{0,4}["']?\[redacted\])\s{0,4})(?:"(?:[^"\\]|\\[^]?)*(?:"|$)|(?=[^\r\n=]{1,200}=)[^"\r\n][^\r\n]*)/gi,
    `$1${REDACTED}`,
  ],
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g, REDACTED],
  [assigned(String.raw`(?:${SECRET_NAME})[\w-]{0,32}`), `$1${REDACTED}`],
  // A short name alone is a word: it is a name where a value stands in quotes behind it, or nothing between them.
  [
    new RegExp(
      String.raw`((?<![\w-])(?:${SHORT_SECRET_NAME})(?:[\\"']{0,4}\s{0,4}[:=]\s{0,4}(?=\\{0,3}["'])|=)${NOT_YET})(?!${OPEN})(?:${VALUE})`,
      'gi',
    ),
    `$1${REDACTED}`,
  ],
  // On a command line.
  [
    new RegExp(
      String.raw`((?:${SECRET_NAME})(?<=(?:^|[\s"'])--[\w-]{0,64})[\w-]{0,32}\s{1,4})(?![-[])(?:"[^"]*"|'[^']*'|[^\s"'\\]+)`,
      'gi',
    ),
    `$1${REDACTED}`,
  ],
  [
    /(\s(?:-u|--(?:proxy-)?user)[\s=]["']?(?!\d+:\d+(?:\s|$))[^\s:"'[\]]{1,64}:)(?!\[redacted\])[^\s"']+/g,
    `$1${REDACTED}`,
  ],
  // A header in a list that was written as a text.
  [
    /((?<=["'])(?:proxy-)?(?:authorization|x-[\w-]{0,24}(?:key|token|secret)|api-key)["'],\s{0,40}\[?\s?)(?:"[^"]*(?:"|$)|'[^']*(?:'|$))/gi,
    `$1${REDACTED}`,
  ],
  [/([?&](?:key|sig|signature|auth|pass|code|hm)=)(?!\[redacted\])[^\s&#"'<>()\\]+/gi, `$1${REDACTED}`],
  [/([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#"'<>]*@/gi, `$1${REDACTED}@`],
  // A password with characters that should have been escaped; a port is none.
  [
    /([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#"'<>:@]{0,100}:(?!\d{1,5}[/?#])[^\s"<>@]{1,200}@/gi,
    `$1${REDACTED}@`,
  ],
  [
    /(%(?:25)?3A(?:%(?:25)?2F){2})(?:[^\s"'<>&=%]|%(?!(?:25)?(?:2F|40))){1,200}%(?:25)?40/gi,
    `$1${REDACTED}@`,
  ],
  [
    new RegExp(
      String.raw`(${SLASH}(?:webhooks|interactions)${SLASH}\d+${SLASH})(?!callback\b|messages\b|:)[^\s/?#%"'<>\\)[\]]+`,
      'gi',
    ),
    `$1${REDACTED}`,
  ],
  [/(hooks\.slack(?:-gov)?\.com\/)[^\s"'<>\\)[\]]+/gi, `$1${REDACTED}`],
  [/(:\/\/(?:hooks?\.[\w.-]{1,200}|[\w-]{1,63}\.webhook\.office\.com)\/)[^\s"'<>\\)[\]]+/gi, `$1${REDACTED}`],
  [/(\/bot)\d{5,20}:[\w-]{20,}/gi, `$1${REDACTED}`],
  [/[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}|\bmfa\.[\w-]{20,}/g, REDACTED],
  [/(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, REDACTED],
  [new RegExp(`(?<![A-Za-z0-9])(?:${KNOWN_KEYS})`, 'g'), REDACTED],
  [/aW50ZXJhY3Rpb246[\w+/=-]+/g, REDACTED],
  [/\b((?:bearer|basic)\s+)(?=[\w.~+/=-]*(?:\d|=|[._~+/-]\w)|[\w-]{20})[\w.~+/=-]{6,}/gi, `$1${REDACTED}`],
  [/\b(bot\s+)(?:[\w-]{3,}\.[\w-]{3,}\.[\w-]{3,}|(?=[A-Za-z_-]*[\d.])[\w.-]{20,})/gi, `$1${REDACTED}`],
  [
    /(?<![^\s"'<>()[\],;:\\/=])[^\s@"'<>()[\],;:\\/=]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,24}/gu,
    REDACTED,
  ],
];
