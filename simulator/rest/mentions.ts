import { asArray, isRecord } from '../json';
import type { MessageContent } from '../messages';
import type { Person, World } from '../world';

/** Whom a text mentions, as far as `allowed_mentions` lets it. Embeds mention nobody. */
export function readMentions(
  content: string,
  allowed: unknown,
  world: World,
): Pick<MessageContent, 'mentions' | 'mentionRoles' | 'mentionEveryone'> {
  if (!content.includes('@')) return { mentions: [], mentionRoles: [], mentionEveryone: false };
  const permits = (kind: 'users' | 'roles', id: string): boolean => {
    if (!isRecord(allowed)) return true;
    return asArray(allowed.parse).includes(kind) || asArray(allowed[kind]).includes(id);
  };
  const ids = (pattern: RegExp): string[] => [
    ...new Set([...content.matchAll(pattern)].flatMap(([, id]) => (id === undefined ? [] : [id]))),
  ];
  const everyoneAllowed = !isRecord(allowed) || asArray(allowed.parse).includes('everyone');
  return {
    mentions: ids(/<@!?(\d+)>/g)
      .filter((id) => permits('users', id))
      .map((id) => world.personById(id))
      .filter((person): person is Person => person !== undefined),
    mentionRoles: ids(/<@&(\d+)>/g).filter((id) => permits('roles', id)),
    mentionEveryone: everyoneAllowed && /@(everyone|here)\b/.test(content),
  };
}
