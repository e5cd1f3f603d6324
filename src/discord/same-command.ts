import { isDeepStrictEqual } from 'node:util';

/** Whether a command as Discord has it is the command that a module wants: what is written costs of a daily budget. */

export type CommandJson = Readonly<Record<string, unknown>>;
/** Where it is registered: everywhere, or in one server, where it cannot be said in which places it may be used. */
export type Scope = 'global' | 'guild';

/** What makes a command that one: its type and its name. */
export const identityOf = (command: CommandJson): string => JSON.stringify([command.type ?? 1, command.name]);

/** A command of Discord's without what only Discord may write. */
export function writable(command: CommandJson): CommandJson {
  return Object.fromEntries(Object.entries(command).filter(([key]) => !DISCORDS_OWN.has(key)));
}

/** Compares what goes over the wire, leaving out what Discord adds and fills in where nothing was said. */
export function isSame(found: CommandJson, wanted: CommandJson, scope: Scope): boolean {
  return samePlaces(found, wanted, scope) && isDeepStrictEqual(normalise(found), normalise(wanted));
}

const DISCORDS_OWN: ReadonlySet<string> = new Set([
  'id',
  'application_id',
  'guild_id',
  'version',
  'name_localized',
  'description_localized',
]);

/** Compared by `samePlaces`. */
const PLACES: ReadonlySet<string> = new Set(['contexts', 'dm_permission', 'integration_types']);
const DEFAULTS: CommandJson = {
  type: 1,
  nsfw: false,
  required: false,
  autocomplete: false,
  default_permission: true,
  description: '',
};

const GUILD = 0;
const BOT_DM = 1;

function samePlaces(found: CommandJson, wanted: CommandJson, scope: Scope): boolean {
  if (scope === 'guild') return true;
  const [here, there] = [contextsOf(wanted), contextsOf(found)];
  // Nothing said is the default: everywhere that the application is, however Discord spells that out.
  const sameContexts =
    here === null
      ? there === null || (there.includes(GUILD) && there.includes(BOT_DM))
      : isDeepStrictEqual(here, there);
  const types = sorted(wanted.integration_types);
  return sameContexts && (types === null || isDeepStrictEqual(types, sorted(found.integration_types)));
}

/** `dm_permission` is what `contexts` has replaced. */
function contextsOf({ contexts, dm_permission }: CommandJson): unknown[] | null {
  return sorted(contexts) ?? (dm_permission === false ? [GUILD] : null);
}

function sorted(value: unknown): unknown[] | null {
  return Array.isArray(value) ? [...(value as unknown[])].sort() : null;
}

function normalise(node: CommandJson): CommandJson {
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => !DISCORDS_OWN.has(key) && !PLACES.has(key) && key !== 'handler')
      .map(([key, value]) => [key, normaliseValue(key, value)] as const)
      .filter(([key, value]) => !isEmpty(value) && !(key in DEFAULTS && DEFAULTS[key] === value)),
  );
}

function normaliseValue(key: string, value: unknown): unknown {
  if (key === 'channel_types') return sorted(value);
  if (Array.isArray(value)) return value.map((item: unknown) => normaliseValue('', item));
  if (key === 'default_member_permissions' && typeof value === 'number') return String(value);
  return typeof value === 'object' && value !== null ? normalise(value as CommandJson) : value;
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
