import type { Request, RequestHandler } from 'express';
import { PERIODS, type Period, type Stats, type StatsQuery } from '../stats/stats';
import { sendError } from './responses';

const DEFAULT_PERIOD: Period = '24h';
const NAMES_SHOWN = 50;
const GIVEN_CHARACTERS_SHOWN = 100;

/** Answers `?period=&command=` with the summary; a value that cannot be, with 400 and what it can be. */
export function statsRoute(stats: Stats): RequestHandler {
  return async (request, response) => {
    const parsed = parseQuery(request.query, stats.commandNames());
    if ('error' in parsed) sendError(response, 400, parsed.error);
    else response.json(await stats.summary(parsed.query));
  };
}

type Parsed = { readonly query: StatsQuery } | { readonly error: string };

/** A parameter that is left out or empty takes its default: 24h, and all commands. */
function parseQuery(parameters: Request['query'], commandNames: readonly string[]): Parsed {
  const period = parseChoice('period', parameters.period, PERIODS);
  if ('error' in period) return period;
  const command = parseChoice('command', parameters.command, commandNames);
  if ('error' in command) return command;
  return {
    query: {
      period: period.value ?? DEFAULT_PERIOD,
      ...(command.value === null ? {} : { command: command.value }),
    },
  };
}

type Choice<Value> = { readonly value: Value | null } | { readonly error: string };

function parseChoice<Value extends string>(
  name: string,
  given: unknown,
  choices: readonly Value[],
): Choice<Value> {
  if (given === undefined || given === '') return { value: null };
  const value = choices.find((choice) => choice === given);
  if (value !== undefined) return { value };
  return { error: `${name} is ${describe(given)}, and must be ${listOf(choices)}.` };
}

function describe(given: unknown): string {
  if (typeof given !== 'string') return 'given more than once';
  return JSON.stringify(
    given.length > GIVEN_CHARACTERS_SHOWN ? `${given.slice(0, GIVEN_CHARACTERS_SHOWN)}…` : given,
  );
}

function listOf(choices: readonly string[]): string {
  if (choices.length === 0) return 'left out, for none is known';
  const shown = choices.slice(0, NAMES_SHOWN).map((choice) => JSON.stringify(choice));
  const hidden = choices.length - shown.length;
  return `one of ${shown.join(', ')}${hidden > 0 ? ` or ${hidden} more` : ''}`;
}
