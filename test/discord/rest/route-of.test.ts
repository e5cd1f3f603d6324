import { Routes } from 'discord.js';
import { methodOf, routeOf, routeOfUrl } from '../../../src/discord/rest/route-of';
import { ROUTE_TEMPLATES } from '../../../src/discord/rest/route-templates';

/** A route label names what was asked of Discord, and never whom, what or with which secret. */

const TEMPLATES: ReadonlySet<string> = new Set(ROUTE_TEMPLATES);
const PLACEHOLDER = /:(id|token|code|emoji)/g;

/** The same figures at every run. */
function createDice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}
const roll = createDice(4);
const pick = <Item>(items: readonly Item[]): Item => items[roll(items.length)]!;
const letters = (alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet.charAt(roll(alphabet.length))).join('');

const snowflake = (): string => String(1 + roll(9)) + letters('0123456789', 15 + roll(5));
const WORDS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const EMOJI = ['👍', '🏳️‍🌈', '🇰🇷', '1️⃣', '✅', 'ㅋㅋ', 'añb', '%', '../..', 'a b', '#?&='];
const VALUES: Readonly<Record<string, () => string>> = {
  id: snowflake,
  token: () => letters(WORDS, 20 + roll(200)),
  code: () => pick([letters(WORDS, 2 + roll(20)), 'me', '%40me', encodeURIComponent(pick(EMOJI))]),
  emoji: () => pick([encodeURIComponent(pick(EMOJI)), pick(EMOJI.slice(0, 7)), `party%3A${snowflake()}`]),
};
const QUERIES = ['', '', '?limit=5&before=81384788765712384', '?with_response=false', '?query=secret/name'];

it('whatever ids, tokens, codes and emoji stand in a path, its route is the one of the table', () => {
  const wrong: (readonly string[])[] = [];
  for (const template of ROUTE_TEMPLATES) {
    for (let times = 0; times < 60; times += 1) {
      const path = template.replace(PLACEHOLDER, (_, kind: string) => VALUES[kind]!()) + pick(QUERIES);
      if (routeOf(path) !== template) wrong.push([path, routeOf(path), template]);
    }
  }
  expect(wrong).toEqual([]);
});

it('paths that nobody foresaw name no route of their own', () => {
  const wrong: (readonly string[])[] = [];
  const segments = [...ROUTE_TEMPLATES.flatMap((template) => template.split('/')), '', '..', '__proto__'];
  for (let times = 0; times < 5000; times += 1) {
    const length = roll(8);
    const path = Array.from({ length }, () =>
      roll(3) === 0 ? letters(`${WORDS}%/?:@.`, roll(30)) : pick(segments),
    ).join('/');
    const route = routeOf(roll(4) === 0 ? path : `/${path}`);
    if (route !== '_other' && !TEMPLATES.has(route)) wrong.push([path, route]);
  }
  expect(wrong).toEqual([]);
});

it.each([
  [
    '/webhooks/81384788765712384/aW50ZXJhY3Rpb24/messages/%40original',
    '/webhooks/:id/:token/messages/@original',
  ],
  ['/guilds/81384788765712384/members/%40me', '/guilds/:id/members/@me'],
  ['/users/@me', '/users/@me'],
  ['/users/81384788765712384', '/users/:id'],
  ['/channels/1/messages/bulk-delete', '/channels/:id/messages/bulk-delete'],
  ['/channels/1/messages/2/reactions/%F0%9F%91%8D/%40me', '/channels/:id/messages/:id/reactions/:emoji/@me'],
  ['/guilds/templates/hgM48av5Q69A', '/guilds/templates/:code'],
  ['/webhooks/', '_other'],
  ['/channels//messages', '_other'],
  ['/users/@me/', '_other'],
  ['', '_other'],
])('%s is %s', (path, route) => {
  expect(routeOf(path)).toBe(route);
});

it('knows every route that discord-api-types knows', () => {
  const unknown = Object.entries(Routes).flatMap(([name, route]) => pathsOf(name, route).map(templateOf));
  expect(unknown.length).toBeGreaterThan(130);
  expect(unknown.filter((template) => !TEMPLATES.has(template))).toEqual([]);
});

/** What a function of `Routes` gives for any number of arguments. */
function pathsOf(name: string, route: unknown): string[] {
  if (typeof route !== 'function') return [];
  const secrets: Readonly<Record<string, readonly string[]>> = {
    channelThreads: ['1'.repeat(18), 'public'],
    webhookPlatform: ['1'.repeat(18), '2'.repeat(18), 'slack'],
  };
  const values = secrets[name] ?? Array.from({ length: 4 }, (_, index) => String(index + 1).repeat(18));
  const paths = Array.from({ length: values.length + 1 }, (_, count): unknown =>
    Reflect.apply(route, undefined, values.slice(0, count)),
  );
  return paths.filter((path) => typeof path === 'string').filter((path) => !/undefined|\/\/|\/$/.test(path));
}

function templateOf(path: string): string {
  return path
    .replace(/\d{18}/g, ':id')
    .replace(/^\/(webhooks|interactions)\/:id\/:id/, '/$1/:id/:token')
    .replace('/reactions/:id', '/reactions/:emoji')
    .replace(/^\/invites\/:id/, '/invites/:code')
    .replace(/\/templates\/:id$/, '/templates/:code');
}

it.each([
  [
    'https://discord.com/api/v10/channels/1/messages?limit=1',
    'https://discord.com/api',
    '/channels/:id/messages',
  ],
  ['http://proxy:8080/api/oauth2/token', 'http://proxy:8080/api', '/oauth2/token'],
  ['https://elsewhere.example/channels/1', 'https://discord.com/api', '_other'],
])('the route of %s is found behind its base', (url, base, route) => {
  expect(routeOfUrl(url, base)).toBe(route);
});

it.each([
  ['GET', 'GET'],
  ['patch', 'PATCH'],
  ['BREW', '_other'],
])('the method %s is shown as %s', (method, shown) => {
  expect(methodOf(method)).toBe(shown);
});
