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
  /** The REST API's: name, and port where it is not the scheme's own. */
  readonly api: string;
  /** Whether a host, with its port where there is one, is Discord's, or what stands in front of it. */
  has(this: void, host: string): boolean;
  /** Where another client finds the API; passed over if it is no address. */
  add(this: void, apiUrl: string): void;
}

/** @param apiUrl what is set in place of Discord's own address; null where nothing is. */
export function createDiscordHosts(apiUrl: string | null): DiscordHosts {
  const api = new URL(apiUrl ?? DISCORD_API).host;
  const bases = new Set([api]);
  return {
    api,
    has(host) {
      const name = host.toLowerCase();
      if (bases.has(name)) return true;
      const domain = name.replace(/:\d+$/, '').replace(/\.$/, '');
      return DOMAINS.some((own) => domain === own || domain.endsWith(`.${own}`));
    },
    add(url) {
      if (URL.canParse(url)) bases.add(new URL(url).host);
    },
  };
}
