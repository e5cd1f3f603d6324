import { createHmac, hkdfSync } from 'node:crypto';

const REMEMBERED = 10_000;
const KEY_BYTES = 32;
/** 96 bits: enough that no two users of a bot look alike. */
const HASH_CHARACTERS = 16;

/**
 * The key that users are hashed with, made from the one given, or else from the bot's token: so it lies in no
 * database, and every process of a fleet has the same. With another one, everybody counts as a new user.
 */
export function userHashKey(token: string, given: string | null): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', given ?? token, '', 'telltale user hash', KEY_BYTES));
}

/**
 * Gives hashes of users, 16 characters of base64url, under a key that nobody else has: for "how many", never "who".
 * The newest are remembered: whoever uses one command often uses another, and a hash costs more than all the rest of counting.
 */
export function createUserHash(key: Uint8Array): (userId: string) => string {
  const known = new Map<string, string>();
  return (userId) => {
    const before = known.get(userId);
    if (before !== undefined) return before;
    if (known.size >= REMEMBERED) known.clear();
    const hash = createHmac('sha256', key).update(userId).digest('base64url').slice(0, HASH_CHARACTERS);
    known.set(userId, hash);
    return hash;
  };
}
