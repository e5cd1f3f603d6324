import { createDiscordHosts } from '../../src/discord/hosts';

/** To whom nothing of a trace is told. */

it.each([
  'discord.com',
  'canary.discord.com',
  'Discord.com:443',
  'discordapp.com',
  'cdn.discordapp.com',
  'media.discordapp.net',
  'gateway.discord.gg',
  'gateway-us-east1-b.discord.gg:443',
  'us-east1234.discord.media',
])('%s is Discord', (host) => {
  expect(createDiscordHosts(null).has(host)).toBe(true);
});

it.each(['example.com', 'notdiscord.com', 'discord.com.example.com', '', '127.0.0.1:4000'])(
  '%s is not',
  (host) => {
    expect(createDiscordHosts(null).has(host)).toBe(false);
  },
);

it('what stands in front of Discord is Discord too, and its neighbour on another port is not', () => {
  const hosts = createDiscordHosts('http://127.0.0.1:8080/api');
  expect(hosts.api).toBe('127.0.0.1:8080');
  expect(hosts.has('127.0.0.1:8080')).toBe(true);
  expect(hosts.has('127.0.0.1:8081')).toBe(false);
  expect(hosts.has('discord.com')).toBe(true);
});

it('each client of a bot that is not ours may have a way of its own, if it is one', () => {
  const hosts = createDiscordHosts(null);
  hosts.add('http://proxy:3000/api');
  hosts.add('nonsense');
  expect(hosts.has('proxy:3000')).toBe(true);
});
