import type { Request, RequestHandler } from 'express';
import type { InvocationsQuery, Stats, StoredInvocation } from '../stats/stats';
import { OUTCOME_KINDS } from '../telemetry/event';
import { parseChoice, parseCommand, parseCount, parsePattern, type Parsed } from './parameters';
import { sendError } from './responses';
import { sendFromStore } from './store-answer';

export interface InvocationsBody {
  readonly invocations: readonly StoredInvocation[];
}

const DEFAULT_LIMIT = 50;
const LIMITS = { minimum: 1, maximum: 500 };
const TRACE = {
  pattern: /^[0-9a-f]{8,32}$/i,
  description: 'a trace id or the first 8 or more of its 32 hexadecimal digits',
};

/**
 * Answers `?trace=&outcome=&command=&limit=` with the newest invocations of which all of it is true; a value that
 * cannot be, with 400 and what it can be.
 */
export function invocationsRoute(stats: Stats): RequestHandler {
  return async (request, response) => {
    const query = parseQuery(request.query, stats.commandNames());
    if ('error' in query) sendError(response, 400, query.error);
    else await sendFromStore(response, answer(stats, query.value));
  };
}

async function answer(stats: Stats, query: InvocationsQuery): Promise<InvocationsBody> {
  return { invocations: await stats.invocations(query) };
}

/** A parameter that is left out or empty narrows nothing; 50 are given then. */
function parseQuery(parameters: Request['query'], commandNames: readonly string[]): Parsed<InvocationsQuery> {
  const trace = parsePattern('trace', parameters.trace, TRACE);
  if ('error' in trace) return trace;
  const outcome = parseChoice('outcome', parameters.outcome, OUTCOME_KINDS);
  if ('error' in outcome) return outcome;
  const command = parseCommand('command', parameters.command, commandNames);
  if ('error' in command) return command;
  const limit = parseCount('limit', parameters.limit, LIMITS);
  if ('error' in limit) return limit;
  return {
    value: {
      ...(trace.value === null ? {} : { trace: trace.value.toLowerCase() }),
      ...(outcome.value === null ? {} : { outcome: outcome.value }),
      ...(command.value === null ? {} : { command: command.value }),
      limit: limit.value ?? DEFAULT_LIMIT,
    },
  };
}
