/** Names of values that are secret whatever they look like: of a field, a header, a setting, a URL parameter. */
export const SECRET_NAME =
  'authori[sz]ation|token(?!iz)|passw(?:or)?d|passphrase|pwd|secret(?!ar)|cookie|dsn|credential|jwt|' +
  'webhook[-_ ]?url|connection[-_ ]?string|session[-_ ]?id|' +
  '(?:api|private|routing|access|integration|service|signing|encryption|hash|auth|account|master)[-_ ]?key';
/** Those that are secret only as the whole name: parts of many others. */
export const SHORT_SECRET_NAME = 'pass|auth|bearer|otp|pw';

/** How names end of what counts or times secrets, and is none: `max_tokens`, `tokenCount`, `token_expires_at`. */
export const COUNT_NAME =
  '(?:token|cookie|secret|password|credential)s|count|length|size|limit|total|(?:expires|ed)_?(?:at|in)|' +
  'expiry|expires|ttl|(?:_|(?<=[a-z]))(?:ms|seconds)';

const SECRET = new RegExp(`${SECRET_NAME}|^(?:${SHORT_SECRET_NAME})$`, 'i');
const COUNT = new RegExp(`(?:${COUNT_NAME})$`, 'i');

/** Whether what has this name is secret, whatever it is; but for numbers under the name of a count. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name);
}

/** Whether it is the name of a number that tells of secrets how many there are, how long, or until when. */
export function isCountName(name: string): boolean {
  return COUNT.test(name);
}
