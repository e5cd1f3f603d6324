import type { RequestHandler } from 'express';
import type { Health, Liveness, Readiness } from '../telemetry/health';
import { shareInFlight } from './share-in-flight';

/** What a supervisor asks. These stay open to everyone: kubelets and load balancers carry no token. */

/** 200 while the process may go on; else 503 with what only a new one can mend, a line each. */
export function livenessRoute(liveness: () => Liveness): RequestHandler {
  return (_request, response) => {
    const { live, reasons } = liveness();
    response
      .status(live ? 200 : 503)
      .type('text/plain')
      .send(live ? 'ok' : reasons.join('\n'));
  };
}

/** 200 if commands can be taken; else 503 with the reasons. */
export function readinessRoute(readiness: () => Readiness): RequestHandler {
  return (_request, response) => {
    const { ready, reasons } = readiness();
    response.status(ready ? 200 : 503).json({ ready, reasons });
  };
}

/** The whole report; 503 only if something has failed, not for a warning. */
export function healthRoute(health: Health): RequestHandler {
  const report = shareInFlight(() => health.report());
  return async (_request, response) => {
    const answer = await report();
    response.status(answer.status === 'fail' ? 503 : 200).json(answer);
  };
}
