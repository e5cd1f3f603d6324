import { DiscordAPIError, Routes, type REST, type RESTPostAPIApplicationCommandsJSONBody } from 'discord.js';
import type { Logger } from '../logging/logger';
import { identityOf, isSame, writable, type CommandJson, type Scope } from './same-command';

/** Makes Discord know the commands: compares with what it has, and writes only what changed. */

export interface RegistrationOptions {
  readonly rest: Pick<REST, 'get' | 'put' | 'post'>;
  readonly applicationId: string;
  /** Register in these servers; everywhere if there are none. */
  readonly guildIds: readonly string[];
  readonly commands: readonly RESTPostAPIApplicationCommandsJSONBody[];
  /** Keep commands that we do not have: a module that is broken today must not lose its place and its permissions. */
  readonly keepUnknown: boolean;
  readonly logger: Logger;
}

interface Place {
  readonly scope: Scope;
  /** For a sentence. */
  readonly where: string;
  readonly route: ReturnType<typeof Routes.applicationCommands>;
}

/** So many changes are written one by one; more of them, or removals, in a single request for the whole list. */
const SINGLE_WRITES = 3;
const ENTRY_POINT = 4; // An Activity's own command: a write of the whole list may not leave it out.

/** Registers everywhere it should. A scope that fails is logged with what to do, and does not keep the bot from running. */
export async function registerCommands(options: RegistrationOptions): Promise<void> {
  for (const place of placesOf(options)) {
    try {
      await registerAt(place, options);
    } catch (error) {
      options.logger.error(
        `The commands could not be registered ${place.where}; Discord keeps those it has. The application must be ` +
          'invited with the scope "applications.commands", and Discord allows 200 new commands a day.',
        { error },
      );
    }
  }
}

function placesOf({ guildIds, applicationId }: RegistrationOptions): Place[] {
  if (guildIds.length === 0) {
    return [{ scope: 'global', where: 'everywhere', route: Routes.applicationCommands(applicationId) }];
  }
  return guildIds.map((id) => ({
    scope: 'guild',
    where: `in server ${id}`,
    route: Routes.applicationGuildCommands(applicationId, id),
  }));
}

async function registerAt(
  { scope, where, route }: Place,
  { rest, commands, keepUnknown, logger }: RegistrationOptions,
): Promise<void> {
  const query = new URLSearchParams({ with_localizations: 'true' });
  const existing = listOf(await rest.get(route, { query }));
  const known = new Map(existing.map((command) => [identityOf(command), command]));
  const wanted = new Set(commands.map((command) => identityOf({ ...command })));
  const changed = commands.filter((command) => {
    const before = known.get(identityOf({ ...command }));
    return before === undefined || !isSame(before, { ...command }, scope);
  });
  const unknown = existing.filter((command) => !wanted.has(identityOf(command)));
  const kept = unknown.filter((command) => keepUnknown || command.type === ENTRY_POINT);
  const removed = unknown.length - kept.length;

  if (changed.length === 0 && removed === 0) {
    logger.info(
      `All ${commands.length} commands are registered ${where}; nothing to write.${leftAlone(kept.length, keepUnknown)}`,
    );
    return;
  }
  const isFew = removed === 0 && changed.length <= SINGLE_WRITES && existing.length > 0;
  const whole = [...commands, ...kept.map(writable)];
  const refused = isFew || !(await putAll(rest, route, whole)) ? await postEach(rest, route, changed) : [];
  for (const { name, error } of refused) {
    logger.error(`Discord refuses the command "${name}".`, { name, where, error });
  }
  const names = new Set(refused.map(({ name }) => name));
  if (refused.length > 0 && removed > 0) {
    await putAll(
      rest,
      route,
      whole.filter(({ name }) => !names.has(String(name))),
    );
  }
  const written = changed.map(({ name }) => name).filter((name) => !names.has(name));
  logger.info(
    `Registered ${where}: ${written.length} of ${commands.length} commands were new or changed, ${removed} removed.${leftAlone(kept.length, keepUnknown)}`,
    written.length === 0 ? {} : { changed: written.join(', ') },
  );
}

function leftAlone(kept: number, keepUnknown: boolean): string {
  if (!keepUnknown || kept === 0) return '';
  return ` Discord has ${kept} more, which stay: they may belong to modules that could not be loaded.`;
}

type Rest = RegistrationOptions['rest'];
type Body = RESTPostAPIApplicationCommandsJSONBody;

/** Writes the whole list. Gives false where Discord finds fault with one of them, and so takes none. */
async function putAll(
  rest: Rest,
  route: Place['route'],
  body: readonly (Body | CommandJson)[],
): Promise<boolean> {
  try {
    await rest.put(route, { body });
    return true;
  } catch (error) {
    if (error instanceof DiscordAPIError && error.status === 400) return false;
    throw error;
  }
}

/** Writes one by one, so that a command that Discord does not take costs nobody else. Gives those, and why. */
async function postEach(rest: Rest, route: Place['route'], commands: readonly Body[]) {
  const refused: { readonly name: string; readonly error: DiscordAPIError }[] = [];
  for (const command of commands) {
    try {
      await rest.post(route, { body: command });
    } catch (error) {
      if (!(error instanceof DiscordAPIError) || error.status !== 400) throw error;
      refused.push({ name: command.name, error });
    }
  }
  return refused;
}

function listOf(answer: unknown): CommandJson[] {
  return Array.isArray(answer)
    ? answer.filter((item): item is CommandJson => typeof item === 'object' && item !== null)
    : [];
}
