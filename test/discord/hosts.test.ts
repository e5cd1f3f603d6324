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
  expect(hosts.has('127.0.0.1:8080')).toBe(true);
  expect(hosts.has('127.0.0.1:8081')).toBe(false);
  expect(hosts.has('discord.com')).toBe(true);
});

it.each(['discord.com/', 'u:p@discord.com', 'ｄiscord.com', 'DISCORD.com.', 'discord.com.:443'])(
  'Discord is found behind the spelling %s',
  (host) => {
    expect(createDiscordHosts(null).has(host)).toBe(true);
  },
);

const SPELLED = [
  '127.0.0.1',
  '127.1',
  '0x7f.1',
  '127.0.0.2',
  'localhost',
  'LOCALHOST.',
  'api.localhost',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[::]',
  '0.0.0.0',
  'u@localhost',
];
it.each(SPELLED)('a stand-in on this machine is found by the name %s, and its neighbours are not', (name) => {
  for (const base of ['http://127.0.0.1:8080/api', 'http://localhost:8080/api', 'http://[::1]:8080']) {
    const hosts = createDiscordHosts(base);
    expect(hosts.has(`${name}:8080`)).toBe(true);
    expect(hosts.has(`${name}:8081`)).toBe(false);
    expect(hosts.has(name)).toBe(false);
    expect(hosts.has(name, 'unknown')).toBe(true);
  }
});

it('what stands elsewhere is found by an address in the clothes of IPv6, and on the port of its scheme', () => {
  const hosts = createDiscordHosts('https://10.0.0.7/api');
  expect(['10.0.0.7', '10.0.0.7:443', '[::ffff:10.0.0.7]'].map((host) => hosts.has(host))).toEqual([
    true,
    true,
    true,
  ]);
  expect(hosts.has('10.0.0.8', 'unknown')).toBe(false);
});

it('each client of a bot that is not ours may have a way of its own, if it is one', () => {
  const hosts = createDiscordHosts(null);
  hosts.add('http://proxy:3000/api');
  hosts.add('nonsense');
  expect(hosts.has('proxy:3000')).toBe(true);
});
