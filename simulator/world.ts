import { createSnowflakes, type Snowflakes } from './snowflake';

/** Who and what there is: people, servers, channels, roles and the application. Plain records. */

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly locale: string;
  readonly bot: boolean;
  /** Permission bits in every server, as a decimal string. */
  readonly permissions: string;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly guildId: string | null;
  /** The other side of direct messages. */
  readonly recipient: Person | null;
}

export interface Role {
  readonly id: string;
  readonly name: string;
}

export interface Guild {
  readonly id: string;
  readonly name: string;
  readonly memberCount: number;
  readonly channels: readonly Channel[];
  readonly roles: readonly Role[];
}

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly members: readonly Person[];
}

export interface World {
  readonly now: () => number;
  readonly newId: Snowflakes;
  readonly bot: Person;
  readonly owner: Person;
  readonly team: Team | null;
  readonly guilds: readonly Guild[];
  /** The person of that name, who is made on first mention. */
  person(name: string, traits?: Partial<Omit<Person, 'name' | 'bot'>>): Person;
  personById(id: string): Person | undefined;
  people(): readonly Person[];
  guild(id: string): Guild | undefined;
  channel(id: string): Channel | undefined;
  directChannel(person: Person): Channel;
}

export interface WorldOptions {
  readonly now: () => number;
  readonly guilds: readonly { readonly name: string; readonly memberCount?: number }[];
  readonly owner: string | { readonly team: string; readonly members: readonly string[] };
}

/** Everything lasting was made here, a millisecond apart, so that servers spread over shards and ids stay the same. */
const FOUNDED_AT = Date.UTC(2024, 0, 1);
export const ALL_PERMISSIONS = String((1n << 53n) - 1n);
const MEMBER_PERMISSIONS = '2248473465835073';

export function createWorld(options: WorldOptions): World {
  const newId = createSnowflakes(options.now);
  let founded = 0;
  const foundedId = (): string => newId(FOUNDED_AT + founded++);
  const guilds = options.guilds.map((plan) => foundGuild(plan, foundedId));
  const channels = new Map(guilds.flatMap((guild) => guild.channels.map((one) => [one.id, one])));
  const population = createPopulation(foundedId);
  const bot = population.add({ name: 'bot', bot: true, permissions: ALL_PERMISSIONS });
  const team = foundTeam(options.owner, population, foundedId);
  const ownerName = typeof options.owner === 'string' ? options.owner : (options.owner.members[0] ?? 'owner');

  return {
    now: options.now,
    newId,
    bot,
    team,
    guilds,
    owner: population.named(ownerName, { permissions: ALL_PERMISSIONS }),
    person: population.named,
    personById: population.withId,
    people: population.all,
    guild: (id) => guilds.find((guild) => guild.id === id),
    channel: (id) => channels.get(id),
    directChannel(person) {
      const known = [...channels.values()].find((one) => one.recipient?.id === person.id);
      if (known !== undefined) return known;
      const channel = { id: newId(), name: person.name, guildId: null, recipient: person };
      channels.set(channel.id, channel);
      return channel;
    },
  };
}

function foundGuild(plan: WorldOptions['guilds'][number], foundedId: () => string): Guild {
  const id = foundedId();
  const channel = (name: string): Channel => ({ id: foundedId(), name, guildId: id, recipient: null });
  return {
    id,
    name: plan.name,
    memberCount: plan.memberCount ?? 12,
    channels: ['general', 'bots', 'alerts'].map(channel),
    roles: [
      { id, name: '@everyone' },
      { id: foundedId(), name: 'crew' },
    ],
  };
}

function foundTeam(
  owner: WorldOptions['owner'],
  population: Population,
  foundedId: () => string,
): Team | null {
  if (typeof owner === 'string') return null;
  const members = owner.members.map((name) => population.named(name, { permissions: ALL_PERMISSIONS }));
  return { id: foundedId(), name: owner.team, members };
}

interface Population {
  readonly add: (traits: Partial<Person> & { readonly name: string }) => Person;
  readonly named: (name: string, traits?: Partial<Omit<Person, 'name' | 'bot'>>) => Person;
  readonly withId: (id: string) => Person | undefined;
  readonly all: () => readonly Person[];
}

function createPopulation(newId: () => string): Population {
  const byName = new Map<string, Person>();
  const byId = new Map<string, Person>();
  const add = (traits: Partial<Person> & { readonly name: string }): Person => {
    const defaults = { locale: 'en-US', bot: false, permissions: MEMBER_PERMISSIONS };
    const person: Person = { ...defaults, ...traits, id: traits.id ?? newId() };
    byName.set(person.name, person);
    byId.set(person.id, person);
    return person;
  };
  return {
    add,
    named: (name, traits = {}) => byName.get(name) ?? add({ ...traits, name }),
    withId: (id) => byId.get(id),
    all: () => [...byId.values()],
  };
}
