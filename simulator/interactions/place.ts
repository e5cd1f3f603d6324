import type { PlaceOptions } from '../types';
import type { Channel, Guild, Person, World } from '../world';

export interface Place {
  readonly channel: Channel;
  /** Null in direct messages. */
  readonly guild: Guild | null;
}

/** Where a person acts. Throws an error that names what there is not. */
export function findPlace(options: PlaceOptions, person: Person, world: World): Place {
  if (options.dm === true) return { channel: world.directChannel(person), guild: null };
  const byId = typeof options.channel === 'object' ? world.channel(options.channel.id) : undefined;
  if (byId !== undefined && options.guild === undefined) return placeOf(byId, world);
  const guild = findGuild(options.guild, world);
  const wanted = typeof options.channel === 'object' ? options.channel.id : options.channel;
  if (wanted === undefined) return { guild, channel: firstOf(guild.channels, `channel in "${guild.name}"`) };
  const channel = guild.channels.find((one) => one.id === wanted || one.name === wanted.replace(/^#/, ''));
  if (channel !== undefined) return { guild, channel };
  const anywhere = options.guild === undefined ? world.channel(wanted) : undefined;
  if (anywhere === undefined) throw new Error(`There is no channel "${wanted}" in "${guild.name}".`);
  return placeOf(anywhere, world);
}

export function placeOf(channel: Channel, world: World): Place {
  const guild = channel.guildId === null ? null : (world.guild(channel.guildId) ?? null);
  return { channel, guild };
}

function findGuild(wanted: PlaceOptions['guild'], world: World): Guild {
  if (wanted === undefined) return firstOf(world.guilds, 'server');
  const id = typeof wanted === 'object' ? wanted.id : wanted;
  const guild = world.guilds.find((one) => one.id === id || one.name === id);
  if (guild === undefined) throw new Error(`There is no server "${id}".`);
  return guild;
}

function firstOf<Item>(items: readonly Item[], what: string): Item {
  const [first] = items;
  if (first === undefined) throw new Error(`There is no ${what}.`);
  return first;
}
