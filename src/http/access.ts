import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import { isLoopbackHost } from './loopback';
import { sendError } from './responses';

/** Who may read what. */

/** Lets pass whoever sends `Authorization: Bearer <token>`; answers everyone else with 401. */
export function requireToken(token: string): RequestHandler {
  const expected = digest(Buffer.from(token, 'utf8'));
  return (request, response, next) => {
    const given = /^Bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (given === undefined) {
      sendUnauthorised(response, 'This needs the header "Authorization: Bearer <METRICS_TOKEN>".');
      return;
    }
    // Node reads header bytes as latin1, whatever they were meant to be.
    if (timingSafeEqual(digest(Buffer.from(given, 'latin1')), expected)) next();
    else sendUnauthorised(response, 'The bearer token is not METRICS_TOKEN.');
  };
}

/** Refuses everyone, for a server without a token that the network can reach. */
export const refuseWithoutToken: RequestHandler = (_request, response) => {
  sendUnauthorised(
    response,
    'The server can be reached from the network and has no token. Set METRICS_TOKEN and send it as a bearer ' +
      'token, or set METRICS_HOST=127.0.0.1.',
  );
};

/**
 * Refuses requests for another name than this machine's, for a server on loopback without a token. A web page whose
 * own name was made to resolve to 127.0.0.1 (DNS rebinding) could otherwise read the answers.
 */
export const requireLoopbackHost: RequestHandler = (request, response, next) => {
  const host = (request.headers.host ?? '').replace(/:\d*$/, '');
  if (isLoopbackHost(host)) next();
  else {
    sendError(
      response,
      403,
      'Without METRICS_TOKEN this answers only requests whose Host header is localhost, 127.x.x.x or [::1].',
    );
  }
};

function sendUnauthorised(response: Response, message: string): void {
  response.setHeader('www-authenticate', 'Bearer realm="telltale"');
  sendError(response, 401, message);
}

/** Equal lengths, so that comparing takes as long for a near miss as for a wild guess. */
function digest(secret: Buffer): Buffer {
  return createHash('sha256').update(secret).digest();
}
