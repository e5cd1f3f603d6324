import { createHmac } from 'node:crypto';

const REMEMBERED = 10_000;

/**
 * Gives hashes of users under a key that nobody else has: for "how many", never "who". The newest are remembered:
 * whoever uses one command often uses another, and a hash costs more than all the rest of counting.
 */
export function createUserHash(key: Buffer): (userId: string) => string {
  const known = new Map<string, string>();
  return (userId) => {
    const before = known.get(userId);
    if (before !== undefined) return before;
    if (known.size >= REMEMBERED) known.clear();
    const hash = createHmac('sha256', key).update(userId).digest('base64').slice(0, 16);
    known.set(userId, hash);
    return hash;
  };
}
