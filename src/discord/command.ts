import type {
  AutocompleteInteraction,
  ChatInputCommandInteraction,
  ContextMenuCommandInteraction,
  MessageComponentInteraction,
  ModalSubmitInteraction,
  RESTPostAPIApplicationCommandsJSONBody,
} from 'discord.js';
import type { Charts } from '../charts/charts';
import type { LevelControl } from '../logging/level-control';
import type { LogSearch } from '../log-reader/search';
import type { Logger } from '../logging/logger';
import type { Stats } from '../stats/stats';
import type { Invocation } from '../telemetry/event';
import type { CommandModules, Health, ShardState } from '../telemetry/health';
import type { CommandMetrics } from '../telemetry/command-metrics';

/** The shape of a command module: what its author writes, and what the bot hands it. */

export type CommandInteraction = ChatInputCommandInteraction | ContextMenuCommandInteraction;
export type ComponentInteraction = MessageComponentInteraction | ModalSubmitInteraction;

export interface Privacy {
  /** Removes every single invocation of a user. Gives how many; rejects with a StoreUnavailableError. */
  forgetUser(this: void, userId: string): Promise<number>;
}

/** Pages about one trace, with `{traceId}` in the place of its id; null where there is none, or nothing is sent there. */
export interface TraceLinks {
  readonly trace: string | null;
  /** Of failures alone. */
  readonly sentry: string | null;
  /** Whether the ratio keeps a trace. Those of runs that failed or were late are kept in any case. */
  isSampled(this: void, traceId: string): boolean;
}

/** What a command may read beside the interaction. */
export interface ReadModels {
  readonly stats: Stats;
  readonly charts: Pick<Charts, 'draw'>;
  readonly privacy: Privacy;
  readonly logs: LogSearch;
  readonly health: Health;
  readonly shards: () => readonly ShardState[];
  readonly modules: () => CommandModules;
  readonly logLevels: LevelControl;
  readonly links: TraceLinks;
  /** Whether everyone may see the numbers of all servers (`STATS_PUBLIC`). */
  readonly statsPublic: boolean;
}

/** What a command gets beside the interaction, and no more. */
export interface CommandContext extends ReadModels {
  readonly invocation: Invocation;
  /** Of a component: what stands in the place of the names in its route, `{ id: '42' }`. Else empty. */
  readonly params: Readonly<Record<string, string>>;
  /** Logs with this invocation's fields. */
  readonly log: Logger;
  /** Ends the run as a refusal; the user is shown the message as written. */
  readonly refuse: (message: string) => never;
  /** Aborted when the command's time is up. */
  readonly signal: AbortSignal;
  /** The command's own counters, gauges and histograms, prefixed `command_`. */
  readonly metrics: CommandMetrics;
  /** Whether the user is an owner of the bot. */
  readonly isOwner: boolean;
}

interface ComponentHandling {
  // A method, so that a handler may take a button alone: what it puts on its own messages, it knows.
  handle(this: void, interaction: ComponentInteraction, context: CommandContext): unknown;
}
export type ComponentHandler = ComponentHandling['handle'];

export interface CommandModule {
  /** A builder (anything with `toJSON`) or plain JSON. */
  readonly data:
    RESTPostAPIApplicationCommandsJSONBody | { toJSON(): RESTPostAPIApplicationCommandsJSONBody };
  execute(interaction: CommandInteraction, context: CommandContext): unknown;
  autocomplete?(interaction: AutocompleteInteraction, context: CommandContext): unknown;
  /** Buttons, selects and modals by custom-id route, such as `ticket:close:{id}`. */
  readonly components?: Readonly<Record<string, ComponentHandler>>;
  /** Seconds a user waits between two runs. */
  readonly cooldown?: number;
  /** Seconds after which a run has failed. */
  readonly timeout?: number;
  readonly ownerOnly?: true;
  /**
   * Defers the answer in the command's place: `true` at once, or, if it has not been answered by then, so many seconds
   * after its creation. A `reply` that comes later takes the place of the deferral.
   */
  readonly defer?: boolean | number;
  /** The deferred answer is for the user alone. */
  readonly deferEphemeral?: boolean;
  /** Also as "@bot name": `execute` is called with an interaction whose answers are messages. */
  readonly text?: boolean;
}
