import { OTHER } from '../telemetry/event';
import type { ComponentHandler } from './command';

/**
 * Which custom ids belong to which handler. A route is written in segments with `:` between them, each as it stands or
 * `{name}`, which is any text without `:` and at least one character: `ticket:close:{id}` answers to `ticket:close:42`.
 * No custom id can answer to two routes, so their order does not matter.
 */
export interface ComponentRoute {
  /** As it was declared. */
  readonly pattern: string;
  /** The segments that stand as they are, `ticket:close`: what it is counted under. */
  readonly name: string;
  readonly segments: readonly Segment[];
  readonly handler: ComponentHandler;
}

interface Segment {
  readonly kind: 'literal' | 'parameter';
  readonly text: string;
}

/** Discord's. */
const CUSTOM_ID_LENGTH = 100;
const PARAMETER = /^\{([A-Za-z_]\w*)\}$/;

/**
 * Reads what a module has as its `components`.
 *
 * @throws Error that says what is wrong with it.
 */
export function routesOf(components: unknown): readonly ComponentRoute[] {
  if (components === undefined) return [];
  if (typeof components !== 'object' || components === null || Array.isArray(components)) {
    throw new Error(
      'its `components` should be an object of functions by route, such as "ticket:close:{id}"',
    );
  }
  const routes = Object.entries(components).map(([pattern, handler]) => routeOf(pattern, handler));
  for (const [index, route] of routes.entries()) {
    const rival = routes.slice(0, index).find((other) => overlap(other, route));
    if (rival === undefined) continue;
    throw new Error(`its routes "${rival.pattern}" and "${route.pattern}" can answer to the same custom id`);
  }
  return routes;
}

/** Whether two routes of different modules are too much alike: they answer to the same, or are counted as the same. */
export function collide(a: ComponentRoute, b: ComponentRoute): boolean {
  return a.name === b.name || overlap(a, b);
}

/** The parameters of a custom id, given in its segments; null if the route does not answer to it. */
export function matchRoute(
  { segments }: ComponentRoute,
  given: readonly string[],
): Readonly<Record<string, string>> | null {
  if (given.length !== segments.length) return null;
  const params: [name: string, value: string][] = [];
  for (const [index, { kind, text }] of segments.entries()) {
    const value = given[index] ?? '';
    if (kind === 'literal' ? value !== text : value === '') return null;
    if (kind === 'parameter') params.push([text, value]);
  }
  return Object.fromEntries(params);
}

function routeOf(pattern: string, handler: unknown): ComponentRoute {
  const problem = (what: string): Error => new Error(`its route "${pattern}" ${what}`);
  if (!isHandler(handler)) throw problem('has no function as its handler');
  const segments = pattern.split(':').map((text): Segment => {
    const parameter = PARAMETER.exec(text)?.[1];
    if (parameter !== undefined) return { kind: 'parameter', text: parameter };
    if (text !== '' && !/[{}]/.test(text)) return { kind: 'literal', text };
    throw problem(`has a segment "${text}": it should be a text, or a name in braces such as {id}`);
  });
  const texts = (kind: Segment['kind']): string[] =>
    segments.filter((segment) => segment.kind === kind).map(({ text }) => text);
  const parameters = texts('parameter');
  if (segments[0]?.kind !== 'literal')
    throw problem('should begin with a text of its own, not with a name in braces');
  if (new Set(parameters).size < parameters.length) throw problem('has the same name in braces twice');
  const shortest = segments.map(({ kind, text }) => (kind === 'literal' ? text : '?')).join(':');
  if (shortest.length > CUSTOM_ID_LENGTH)
    throw problem(`is longer than the ${CUSTOM_ID_LENGTH} characters of a custom id`);
  const name = texts('literal').join(':');
  if (name === OTHER) throw problem('has the name under which unknown commands are counted');
  return { pattern, name, segments, handler };
}

function isHandler(value: unknown): value is ComponentHandler {
  return typeof value === 'function';
}

/** Whether there is a custom id that both answer to. */
function overlap(a: ComponentRoute, b: ComponentRoute): boolean {
  if (a.segments.length !== b.segments.length) return false;
  return a.segments.every((segment, index) => {
    const other = b.segments[index];
    return segment.kind === 'parameter' || other?.kind === 'parameter' || segment.text === other?.text;
  });
}
