import type { Logger } from '../logging/logger';
import { Refusal } from '../pipeline/outcome';
import type { CommandMetrics } from '../telemetry/command-metrics';
import type { Invocation, Outcome } from '../telemetry/event';
import type { CommandContext, ReadModels } from './command';
import type { Guards } from './guards';
import type { LoadedCommand } from './loader';
import { messagesFor } from './messages';

/** What every run of a command is handed, and what its user is told when it went wrong. */

export interface ContextOptions {
  readonly guards: Guards;
  readonly readModels: ReadModels;
  readonly commandMetrics: CommandMetrics;
  /** Gives the logger of that name. */
  readonly logger: (name: string) => Logger;
}

const NO_PARAMS: CommandContext['params'] = Object.freeze({});

/** The name of a command's own logger. */
export const loggerOf = (commandName: string): string => `command.${commandName}`;

/** @param signal is asked for when the command asks for its own. */
export function contextOf(
  options: ContextOptions,
  command: LoadedCommand,
  invocation: Invocation,
  signal: () => AbortSignal,
  params = NO_PARAMS,
): CommandContext {
  return {
    invocation,
    params,
    log: options.logger(loggerOf(command.name)),
    metrics: options.commandMetrics,
    isOwner: options.guards.isOwner(invocation.userId),
    refuse,
    get signal() {
      return signal();
    },
    ...options.readModels,
  };
}

function refuse(message: string): never {
  throw new Refusal('user_error', message);
}

export type NotOk = Exclude<Outcome, { kind: 'ok' }>;

/** What a user is told of a run that was refused or has failed, in their language. */
export function sentenceFor(invocation: Invocation, outcome: NotOk): string {
  if (outcome.kind === 'refused') return outcome.message;
  const { common } = messagesFor(invocation.locale);
  const reference = invocation.traceId.slice(0, 8);
  return outcome.reason === 'timeout' ? common.timedOut(reference) : common.failed(reference);
}
