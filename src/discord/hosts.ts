/** Which hosts are Discord's. */

/** The API, the gateway, voice, the files: https://discord.com/developers/docs/reference */
const DOMAINS = [
  'discord.com',
  'discordapp.com',
  'discordapp.net',
  'discord.gg',
  'discord.media',
  'discordcdn.com',
] as const;
const DISCORD_API = 'https://discord.com/api';

export interface DiscordHosts {
  /**
   * Whether a host, with its port where there is one, is Discord's, or what stands in front of it, however it is
   * spelled. Of one whose port is not known, whether it may be.
   */
  has(this: void, host: string, port?: 'unknown'): boolean;
  /** Where another client finds the API; passed over if it is no address. */
  add(this: void, apiUrl: string): void;
}

/** @param apiUrl what is set in place of Discord's own address; null where nothing is. */
export function createDiscordHosts(apiUrl: string | null): DiscordHosts {
  const bases = [placeOf(new URL(apiUrl ?? DISCORD_API).host)];
  return {
    has(host, port) {
      const place = placeOf(host);
      if (place === null) return false;
      const { name } = place;
      if (bases.some((base) => base?.name === name && (port === 'unknown' || base.port === place.port))) {
        return true;
      }
      return DOMAINS.some((own) => name === own || name.endsWith(`.${own}`));
    },
    add(url) {
      if (URL.canParse(url)) bases.push(placeOf(new URL(url).host));
    },
  };
}

interface Place {
  readonly name: string;
  /** Empty for that of HTTP or HTTPS. */
  readonly port: string;
}

const LOOPBACK = 'localhost';

/** The same for every spelling of a host; null for what is none. */
function placeOf(host: string): Place | null {
  const url = `http://${host}`;
  if (!URL.canParse(url)) return null;
  const { hostname, port } = new URL(url);
  const name = withoutMapping(hostname.replace(/\.$/, ''));
  return { name: isLoopback(name) ? LOOPBACK : name, port: port === '443' ? '' : port };
}

/** An address of IPv4 that is written as one of IPv6: `[::ffff:7f00:1]` is 127.0.0.1. */
function withoutMapping(name: string): string {
  const [, high, low] = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/.exec(name) ?? [];
  if (high === undefined || low === undefined) return name;
  const bytes = [high, low].map((text) => parseInt(text, 16)).flatMap((word) => [word >> 8, word & 0xff]);
  return bytes.join('.');
}

/** This machine, of which each address leads to the same server; that which stands for all of them is one. */
function isLoopback(name: string): boolean {
  return /^(?:127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\]|(?:.+\.)?localhost)$/.test(name);
}
