import type { Request, RequestHandler } from 'express';
import { PERIODS, type Period, type Stats, type StatsQuery } from '../stats/stats';
import { parseChoice, parseCommand, type Parsed } from './parameters';
import { sendError } from './responses';
import { sendFromStore } from './store-answer';

const DEFAULT_PERIOD: Period = '24h';

/** Answers `?period=&command=` with the summary; a value that cannot be, with 400 and what it can be. */
export function statsRoute(stats: Stats): RequestHandler {
  return async (request, response) => {
    const query = parseQuery(request.query, stats.commandNames());
    if ('error' in query) sendError(response, 400, query.error);
    else await sendFromStore(response, stats.summary(query.value));
  };
}

/** A parameter that is left out or empty takes its default: 24h, and all commands. */
function parseQuery(parameters: Request['query'], commandNames: readonly string[]): Parsed<StatsQuery> {
  const period = parseChoice('period', parameters.period, PERIODS);
  if ('error' in period) return period;
  const command = parseCommand('command', parameters.command, commandNames);
  if ('error' in command) return command;
  return {
    value: {
      period: period.value ?? DEFAULT_PERIOD,
      ...(command.value === null ? {} : { command: command.value }),
    },
  };
}
