import { ApplicationCommandType, type APIApplicationCommand } from 'discord-api-types/v10';
import { isRecord, type JsonObject } from '../json';
import { tooManyCommands, tooManyCreations, unknownCommand } from '../rest/errors';
import { Problems } from '../rest/problems';
import type { World } from '../world';
import { normaliseCommand } from './normalise';
import { validateCommand } from './validate';

const MAX_PER_TYPE: readonly (readonly [ApplicationCommandType, number])[] = [
  [ApplicationCommandType.ChatInput, 100],
  [ApplicationCommandType.User, 15],
  [ApplicationCommandType.Message, 15],
];
const DAILY_CREATIONS = 200;
const DAY_MS = 86_400_000;

/** The commands of one scope: everywhere, or one server. Every method throws an `ApiError` for what Discord refuses. */
export class CommandScope {
  readonly #world: World;
  readonly #guildId: string | null;
  #commands: APIApplicationCommand[] = [];
  #day = 0;
  #createdToday = 0;

  constructor(world: World, guildId: string | null) {
    this.#world = world;
    this.#guildId = guildId;
  }

  get all(): readonly APIApplicationCommand[] {
    return this.#commands;
  }

  get(id: string): APIApplicationCommand {
    const command = this.#commands.find((one) => one.id === id);
    if (command === undefined) throw unknownCommand();
    return command;
  }

  /** Puts one command in place; `created` is false if it took the place of another of its name. */
  put(body: unknown): { readonly command: APIApplicationCommand; readonly created: boolean } {
    const fields = isRecord(body) ? body : {};
    check((problems) => validateCommand(fields, [], problems));
    const before = this.#sameAs(fields);
    this.#countCreations(before === undefined ? 1 : 0);
    const command = this.#complete(fields, before);
    this.#replace([...this.#commands.filter((one) => one.id !== command.id), command]);
    return { command, created: before === undefined };
  }

  /** Puts these commands in the place of all that there were. */
  putAll(bodies: readonly JsonObject[]): readonly APIApplicationCommand[] {
    check((problems) => {
      bodies.forEach((body, index) => validateCommand(body, [index], problems));
      findDuplicates(bodies, problems);
    });
    const fresh = bodies.filter((body) => this.#sameAs(body) === undefined).length;
    const complete = bodies.map((body) => this.#complete(body, this.#sameAs(body)));
    assertRoom(complete);
    this.#countCreations(fresh);
    this.#replace(complete);
    return complete;
  }

  edit(id: string, changes: JsonObject): APIApplicationCommand {
    const before = this.get(id);
    const fields = { ...before, ...changes };
    check((problems) => validateCommand(fields, [], problems));
    const command = this.#complete(fields, before);
    this.#replace(this.#commands.map((one) => (one.id === id ? command : one)));
    return command;
  }

  delete(id: string): void {
    const command = this.get(id);
    this.#replace(this.#commands.filter((one) => one !== command));
  }

  #replace(commands: APIApplicationCommand[]): void {
    assertRoom(commands);
    this.#commands = commands;
  }

  #sameAs(body: JsonObject): APIApplicationCommand | undefined {
    const key = keyOf(body);
    return this.#commands.find((one) => keyOf({ ...one }) === key);
  }

  #complete(body: JsonObject, before: APIApplicationCommand | undefined): APIApplicationCommand {
    const identity = {
      id: before?.id ?? this.#world.newId(),
      application_id: this.#world.bot.id,
      version: this.#world.newId(),
    };
    const scope = this.#guildId === null ? {} : { guild_id: this.#guildId };
    // Validated above: it has the fields that the type promises.
    return { ...identity, ...normaliseCommand(body), ...scope } as unknown as APIApplicationCommand;
  }

  #countCreations(count: number): void {
    const today = Math.floor(this.#world.now() / DAY_MS);
    if (today !== this.#day) this.#createdToday = 0;
    this.#day = today;
    if (this.#createdToday + count > DAILY_CREATIONS) throw tooManyCreations();
    this.#createdToday += count;
  }
}

function keyOf(body: JsonObject): string {
  return JSON.stringify([body.type ?? 1, body.name]);
}

function check(validate: (problems: Problems) => void): void {
  const problems = new Problems();
  validate(problems);
  problems.throwIfAny();
}

function findDuplicates(bodies: readonly JsonObject[], problems: Problems): void {
  const seen = new Set<string>();
  bodies.forEach((body, index) => {
    if (seen.has(keyOf(body))) {
      const message = 'Application command names must be unique';
      problems.add([index], 'APPLICATION_COMMANDS_DUPLICATE_NAME', message);
    }
    seen.add(keyOf(body));
  });
}

function assertRoom(commands: readonly APIApplicationCommand[]): void {
  for (const [type, max] of MAX_PER_TYPE) {
    if (commands.filter((one) => one.type === type).length > max) throw tooManyCommands();
  }
}
