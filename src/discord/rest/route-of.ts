import { OTHER } from '../../telemetry/event';
import { ROUTE_TEMPLATES } from './route-templates';

/** From the path of a request to the name of its route: one of a closed set, so that it can be a label. */

interface Step {
  readonly literals: Map<string, Step>;
  /** What follows where anything may stand. */
  parameter: Step | null;
  template: string | null;
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

const ROOT = grow(ROUTE_TEMPLATES);

/**
 * The route that a path belongs to, `/channels/:id/messages`; `_other` if it is none of Discord's.
 *
 * @param path after the version, with or without a query.
 */
export function routeOf(path: string): string {
  const query = path.indexOf('?');
  let step = ROOT;
  for (const segment of (query < 0 ? path : path.slice(0, query)).split('/')) {
    // `@me` and `@original` come in either spelling.
    const text = segment.startsWith('%40') ? `@${segment.slice(3)}` : segment;
    const next = step.literals.get(text) ?? (text === '' ? null : step.parameter);
    if (next === null) return OTHER;
    step = next;
  }
  return step.template ?? OTHER;
}

/**
 * The route of a whole address.
 *
 * @param base where the API is, without the version: `https://discord.com/api`.
 */
export function routeOfUrl(url: string, base: string): string {
  return url.startsWith(base) ? routeOf(url.slice(base.length).replace(/^\/v\d+(?=\/)/, '')) : OTHER;
}

/** What an address leads to: the name, and the port where it is not the scheme's own; the text where it is none. */
export function hostOf(api: string): string {
  return URL.canParse(api) ? new URL(api).host : api;
}

/** The method in capitals; `_other` if Discord's API knows none of that name. */
export function methodOf(method: string): string {
  const name = method.toUpperCase();
  return METHODS.has(name) ? name : OTHER;
}

function grow(templates: readonly string[]): Step {
  const root = emptyStep();
  for (const template of templates) {
    let step = root;
    for (const segment of template.split('/')) step = stepInto(step, segment);
    step.template = template;
  }
  return root;
}

function stepInto(step: Step, segment: string): Step {
  if (segment.startsWith(':')) return (step.parameter ??= emptyStep());
  const next = step.literals.get(segment) ?? emptyStep();
  step.literals.set(segment, next);
  return next;
}

function emptyStep(): Step {
  return { literals: new Map(), parameter: null, template: null };
}
