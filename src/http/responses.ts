import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from '../logging/logger';

/** The answers that every path has in common. */

export interface ErrorBody {
  /** One sentence or two for a person. */
  readonly error: string;
}

/** Answers with a status and `{ error }`. */
export function sendError(response: Response, status: number, error: string): void {
  const body: ErrorBody = { error };
  response.status(status).json(body);
}

/** Nothing here is to be stored by a cache, or to be taken by a browser for what it is not. */
export const setCommonHeaders: RequestHandler = (_request, response, next) => {
  response.setHeader('cache-control', 'no-store');
  response.setHeader('x-content-type-options', 'nosniff');
  next();
};

export const answerNotFound: RequestHandler = (_request, response) => {
  sendError(response, 404, 'There is nothing here. The index at / names the paths.');
};

export const answerMethodNotAllowed: RequestHandler = (_request, response) => {
  response.setHeader('allow', 'GET, HEAD');
  sendError(response, 405, 'Only GET and HEAD are answered here.');
};

/** Logs what a handler threw, and tells the client no more than that it happened. */
export function answerServerError(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    logger.error('An HTTP request could not be answered', {
      error,
      method: request.method,
      path: request.path,
    });
    if (response.headersSent) next(error);
    else sendError(response, 500, 'The request could not be answered. The reason is in the log.');
  };
}
