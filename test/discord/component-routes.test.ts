import { collide, matchRoute, routesOf, type ComponentRoute } from '../../src/discord/component-routes';

const handler = (): void => undefined;
const route = (pattern: string): ComponentRoute => routesOf({ [pattern]: handler })[0]!;
const paramsOf = (pattern: string, customId: string): unknown =>
  matchRoute(route(pattern), customId.split(':'));

it.each<[pattern: string, customId: string, params: object | null]>([
  ['ticket', 'ticket', {}],
  ['ticket:close:{id}', 'ticket:close:42', { id: '42' }],
  ['ticket:{id}:close', 'ticket:a.b-c_d:close', { id: 'a.b-c_d' }],
  ['ticket:{id}:{page}', 'ticket:42:0', { id: '42', page: '0' }],
  ['티켓:닫기:{id}', '티켓:닫기:4 2', { id: '4 2' }],
  ['ticket:{__proto__}', 'ticket:x', { ['__proto__']: 'x' }],
  ['ticket:close:{id}', 'ticket:close', null],
  ['ticket:close:{id}', 'ticket:close:', null],
  ['ticket:close:{id}', 'ticket:close:4:2', null],
  ['ticket:close:{id}', 'ticket:open:42', null],
  ['ticket:close:{id}', 'other:close:42', null],
  ['ticket', '', null],
])('the route %s answers to %j with %j', (pattern, customId, params) => {
  expect(paramsOf(pattern, customId)).toEqual(params);
});

it('is counted under what is the same in every custom id, never under what is put into it', () => {
  expect(['ticket', 'ticket:close:{id}', 'ticket:{id}:close'].map((pattern) => route(pattern).name)).toEqual([
    'ticket',
    'ticket:close',
    'ticket:close',
  ]);
});

it.each<[components: unknown, reason: RegExp]>([
  [[handler], /should be an object of functions by route/],
  [handler, /should be an object of functions by route/],
  [{ 'ticket:close': 'close' }, /"ticket:close" has no function as its handler/],
  [{ '': handler }, /has a segment ""/],
  [{ 'ticket::close': handler }, /has a segment ""/],
  [{ 'ticket:{id': handler }, /has a segment "\{id"/],
  [{ 'ticket:close-{id}': handler }, /has a segment "close-\{id\}"/],
  [{ 'ticket:{two words}': handler }, /has a segment "\{two words\}"/],
  [{ '{id}': handler }, /should begin with a text/],
  [{ 'ticket:{id}:{id}': handler }, /same name in braces twice/],
  [{ [`${'x'.repeat(98)}:{id}:{page}`]: handler }, /longer than the 100 characters/],
  [{ _other: handler }, /unknown commands are counted/],
  [{ 'ticket:{id}': handler, 'ticket:close': handler }, /"ticket:\{id\}" and "ticket:close" can answer/],
])('an author is told what is wrong with %j', (components, reason) => {
  expect(() => routesOf(components)).toThrow(reason);
});

it('a route that just fits into a custom id is taken', () => {
  expect(route(`${'x'.repeat(98)}:{id}`).name).toHaveLength(98);
});

it('two modules may not answer to the same custom id, nor be counted as one', () => {
  const pairs = (a: string, b: string): boolean => collide(route(a), route(b));
  expect(pairs('a:{x}', 'a:b')).toBe(true);
  expect(pairs('a:{x}', 'a:{x}:{y}')).toBe(true);
  expect(pairs('a:b', 'a:c')).toBe(false);
  expect(pairs('a:{x}:b', 'a:{x}:c')).toBe(false);
});
