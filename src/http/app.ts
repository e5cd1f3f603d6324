import express, { type Express, type RequestHandler } from 'express';
import type { Logger } from '../logging/logger';
import type { Stats } from '../stats/stats';
import type { Health, Liveness, Readiness } from '../telemetry/health';
import { refuseWithoutToken, requireLoopbackHost, requireToken } from './access';
import { invocationsRoute } from './invocations-route';
import { metricsRoute, type MetricsRouteOptions } from './metrics-route';
import { limitQuestions } from './limit-questions';
import { healthRoute, livenessRoute, readinessRoute } from './probes';
import { answerMethodNotAllowed, answerNotFound, answerServerError, setCommonHeaders } from './responses';
import { statsRoute } from './stats-route';

const INDEX = {
  name: 'telltale',
  paths: {
    '/metrics': 'every metric, as Prometheus text or as OpenMetrics',
    '/livez': 'whether the process may go on, and if not, why',
    '/readyz': 'whether commands can be taken, and if not, why',
    '/healthz': 'the state of every part',
    '/api/stats?period=24h&command=': 'which commands are used, which fail, how fast they are',
    '/api/invocations?trace=&outcome=&command=&limit=50': 'the newest single invocations',
  },
} as const;

export interface AppOptions extends MetricsRouteOptions {
  /** The bearer token that everything but the probes asks for; null if there is none. */
  readonly token: string | null;
  readonly logger: Logger;
  readonly readiness: () => Readiness;
  readonly liveness: () => Liveness;
  readonly health: Health;
  readonly stats: Stats;
  /** Whether the server can be reached from this machine alone. */
  readonly boundToLoopback: boolean;
}

/** The paths and who may read them. The order is the access rule: what stands above a guard is open to everyone. */
export function createApp(options: AppOptions): Express {
  const { token, readiness, liveness, health, boundToLoopback, logger } = options;
  const stats = limitQuestions(options.stats);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(setCommonHeaders);

  answerGet(app, '/livez', livenessRoute(liveness));
  answerGet(app, '/readyz', readinessRoute(readiness));
  answerGet(app, '/healthz', healthRoute(health));

  if (token !== null) app.use(requireToken(token));
  else app.use(['/api', /^\/$/], boundToLoopback ? requireLoopbackHost : refuseWithoutToken);

  answerGet(app, '/', (_request, response) => void response.json(INDEX));
  answerGet(app, '/metrics', metricsRoute(options));
  answerGet(app, '/api/stats', statsRoute(stats));
  answerGet(app, '/api/invocations', invocationsRoute(stats));

  app.use(answerNotFound);
  app.use(answerServerError(logger));
  return app;
}

/** Express answers HEAD with what GET would, less the body. */
function answerGet(app: Express, path: string, handler: RequestHandler): void {
  app.route(path).get(handler).all(answerMethodNotAllowed);
}
