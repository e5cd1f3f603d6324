import type { Route } from './route';

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

interface Compiled {
  readonly route: Route;
  readonly segments: readonly string[];
}

/** Finds the route of a request; where several fit, the first that was given. */
export function createRouter(routes: readonly Route[]): (method: string, path: string) => Match | null {
  const table = new Map<string, Compiled[]>();
  for (const route of routes) {
    const segments = route.template.split('/');
    const key = `${route.method} ${segments.length}`;
    table.set(key, [...(table.get(key) ?? []), { route, segments }]);
  }
  return (method, path) => {
    const segments = path.split('/');
    for (const { route, segments: expected } of table.get(`${method} ${segments.length}`) ?? []) {
      const params = fit(expected, segments);
      if (params !== null) return { route, params };
    }
    return null;
  };
}

function fit(expected: readonly string[], actual: readonly string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const value = actual[index] ?? '';
    if (segment.startsWith(':')) params[segment.slice(1)] = decode(value);
    else if (segment !== decode(value)) return null;
  }
  return params;
}

function decode(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
