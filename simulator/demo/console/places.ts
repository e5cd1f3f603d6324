import type { SimulatedGuild } from '../../index';
import type { Actor } from '../crowd/cast';

const DIRECT_MESSAGES = 'dm';

/** What can be typed after `in`. */
export function placeWords(guilds: readonly SimulatedGuild[]): readonly string[] {
  const channels = new Set(guilds.flatMap((guild) => guild.channels.map(({ name }) => `#${name}`)));
  return [...guilds.map(({ name }) => name.toLowerCase()), ...channels, DIRECT_MESSAGES];
}

/**
 * The actor in another place: a server (its first channel), a channel of the server they are in, or `dm`.
 *
 * @throws Error with the places that there are.
 */
export function moveTo(place: string, actor: Actor, guilds: readonly SimulatedGuild[]): Actor {
  const wanted = place.toLowerCase().replace(/^#/, '');
  if (wanted === DIRECT_MESSAGES) return { ...actor, guild: null };
  const guild = guilds.find(({ name }) => name.toLowerCase() === wanted);
  if (guild !== undefined) return { ...actor, guild: guild.name, channel: guild.channels[0]?.name ?? '' };
  const here = guilds.find(({ name }) => name === actor.guild) ?? guilds[0];
  const channel = here?.channels.find(({ name }) => name === wanted);
  if (here !== undefined && channel !== undefined)
    return { ...actor, guild: here.name, channel: channel.name };
  throw new Error(`There is no "${place}". There are: ${placeWords(guilds).join(', ')}.`);
}
