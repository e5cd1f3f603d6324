import type { Exchange, PlaceOptions, SimulatedUser, Simulator } from '../index';
import type { Actor } from './crowd/cast';
import type { Deed } from './crowd/script';
import type { Entry, Ledger } from './ledger';
import type { Reader } from './view/markdown';

/** Where people act; everything they do is written into the ledger. */
export interface Stage {
  /** Throws an error for the user if Discord would not let them send this. */
  act(actor: Actor, deed: Deed): Entry;
  /** The simulated user behind an actor. */
  user(actor: Actor): SimulatedUser;
  /** With whose eyes a message is read. */
  reader(actor: Actor): Reader;
}

export function createStage(discord: Simulator, ledger: Ledger, now: () => number): Stage {
  const names = new Map<string, string>();

  function user({ name, locale }: Actor): SimulatedUser {
    const found = discord.user(name, { locale });
    names.set(found.id, name);
    return found;
  }

  return {
    user,
    act(actor, { kind, line }) {
      const doer = user(actor);
      const options = placeOptions(actor);
      const exchange: Exchange = kind === 'command' ? doer.type(line, options) : doer.complete(line, options);
      return ledger.open({ kind, line, actor, exchange });
    },
    reader: ({ locale }) => ({ locale, now: now(), nameOf: (id) => names.get(id) ?? null }),
  };
}

/** What the simulator takes for it. */
export function placeOptions({ guild, channel, locale }: Actor): PlaceOptions {
  return guild === null ? { dm: true, locale } : { guild, channel, locale };
}

/** As a person would say it. */
export function placeName({ guild, channel }: Actor): string {
  return guild === null ? 'direct messages' : `${guild} #${channel}`;
}
