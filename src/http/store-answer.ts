import type { Response } from 'express';
import { StoreUnavailableError } from '../stats/stats';
import { sendError } from './responses';

/** By then a database that was restarted or locked answers again. */
const RETRY_AFTER_SECONDS = 5;

/** Answers with what the statistics give; while they cannot be read, with 503 and when to ask again. */
export async function sendFromStore(response: Response, question: Promise<object>): Promise<void> {
  try {
    response.json(await question);
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    response.setHeader('retry-after', RETRY_AFTER_SECONDS);
    sendError(response, 503, error.message);
  }
}
