import { isSecretName } from './redact';

/** An address that is itself a key to what it leads to, or a list with keys in it. */
const SECRET_AS_A_WHOLE = /webhook|headers/i;

/**
 * Every secret in a tree of settings, told by its name, and the passwords in the addresses among them: a setting that
 * is added is known here by what it is called.
 */
export function secretsOf(settings: object, isSecret = false): string[] {
  return Object.entries(settings).flatMap(([name, value]: [string, unknown]) => {
    const isNamed = isSecret || isSecretName(name) || SECRET_AS_A_WHOLE.test(name);
    if (typeof value === 'object' && value !== null) return secretsOf(value, isNamed);
    if (typeof value !== 'string' || value === '') return [];
    return isNamed ? [value, ...passwordsIn(value)] : passwordsIn(value);
  });
}

/** The password of an address as it is written and as it is meant; nothing where there is none. */
function passwordsIn(text: string): string[] {
  if (!URL.canParse(text)) return [];
  const { password } = new URL(text);
  return password === '' ? [] : [...new Set([password, decoded(password)])];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A stray percent sign.
  }
}
