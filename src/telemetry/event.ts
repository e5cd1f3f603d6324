/**
 * The vocabulary of Telltale: what can happen, as plain data. Imports nothing, and everything may import it.
 */

/** What a user did to start an invocation. */
export const KINDS = [
  'chat_input',
  'user_menu',
  'message_menu',
  'text',
  'button',
  'select',
  'modal',
  'autocomplete',
] as const;
export type Kind = (typeof KINDS)[number];

/** Those of buttons, menus and forms: who declares or awaits them does not say which will come. */
export const COMPONENT_KINDS = ['button', 'select', 'modal'] as const satisfies readonly Kind[];

/** The bot said no, and nothing is broken. */
export const REFUSAL_REASONS = [
  'cooldown',
  'permission',
  'guild_only',
  'owner_only',
  'user_error',
  'unknown_command',
  'shutting_down',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** Something is broken: ours or Discord's. */
export const FAILURE_REASONS = [
  'exception',
  'timeout',
  'unknown_interaction',
  'already_acknowledged',
  'missing_permissions',
  'discord_api',
  'unanswered',
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

export type Outcome =
  | { readonly kind: 'ok' }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly message: string }
  | { readonly kind: 'failed'; readonly reason: FailureReason; readonly error: unknown };
export const OUTCOME_KINDS = ['ok', 'refused', 'failed'] as const satisfies readonly Outcome['kind'][];
export type OutcomeKind = Outcome['kind'];

/** How an interaction was answered first. */
export const ACK_KINDS = ['reply', 'defer', 'update', 'modal', 'autocomplete'] as const;
export type AckKind = (typeof ACK_KINDS)[number];

/** Discord gives an interaction this long, from its creation, to be answered for the first time. */
export const ANSWER_DEADLINE_SECONDS = 3;

/**
 * `met`: Discord accepted an answer; `missed`: it came too late; `unanswered`: none was tried. A deferral is an answer:
 * a run that ends with nothing after it has met the deadline, and failed as `unanswered` all the same.
 */
export const DEADLINE_RESULTS = ['met', 'missed', 'unanswered'] as const;
export type DeadlineResult = (typeof DEADLINE_RESULTS)[number];

/** The name under which everything is counted that has no name of its own. */
export const OTHER = '_other';

/** What is known when an interaction arrives. */
export interface Invocation {
  /** Full path, "ticket close"; a component's declared route, "ticket:close"; `_other` if nothing answers to it. */
  readonly command: string;
  readonly kind: Kind;
  /** W3C trace id: 32 hexadecimal digits. Its first eight are the reference that a user is shown. */
  readonly traceId: string;
  readonly interactionId: string;
  readonly guildId: string | null;
  readonly userId: string;
  readonly channelId: string | null;
  readonly shard: number;
  readonly locale: string;
  /** Milliseconds since the epoch, from the snowflake: Discord's clock. */
  readonly createdAt: number;
  /** Milliseconds since the epoch: our clock. */
  readonly receivedAt: number;
  /** The trace id of the run that put the component there, where a collector of that run takes it; else null. */
  readonly parentTraceId: string | null;
  /**
   * What the user typed, for redaction alone: no sink writes it. At most 50 values; those of a form that the run itself
   * awaits come to it when the form is sent.
   */
  readonly typed: string[];
  /** What was done in its name so far, the first and the newest: it is added to while the invocation runs. */
  readonly operations: Operation[];
  readonly progress: Progress;
}

/** How far an invocation is with its operations; it changes while the invocation runs. */
export interface Progress {
  /** What is being done in its name, at most `MAX_UNDERWAY`; each gives what is known of it so far. */
  readonly underway: Set<() => Operation>;
  /** How many operations there were between the first and the newest, which are told of. */
  dropped: number;
  /** Those of them that were calls to Discord. */
  droppedRest: number;
  /** What is done from now on is no part of it. */
  isSettled: boolean;
}

/** An invocation remembers so many operations that have ended: half of them the first, half the newest. */
export const MAX_OPERATIONS = 64;
/** And so many at once that have not, beside those. */
export const MAX_UNDERWAY = 16;

interface OperationTimes {
  /** Milliseconds since the epoch: our clock. */
  readonly startedAt: number;
  readonly durationSeconds: number;
  /** Where it had not ended when the invocation settled: the rest is what was known of it then. */
  readonly isUnfinished?: true;
}

/** A call to Discord's REST API, over all its attempts. */
export interface RestOperation extends OperationTimes {
  readonly kind: 'rest';
  readonly method: string;
  /** A template, as in `RestCallSettled`. */
  readonly route: string;
  /** Host name, and port where it is not the scheme's own, of the API that the client asks. */
  readonly host: string;
  readonly attempts: number;
  /** Of the last attempt; null if there was none. */
  readonly status: RestAttempted['status'] | null;
  /** Discord's JSON error code, where it gave one. */
  readonly code: number | null;
  readonly waitSeconds: number;
}

/** A request of the command's own to somebody else; known only while there is tracing. */
export interface HttpOperation extends OperationTimes {
  readonly kind: 'http';
  /** 16 hexadecimal digits, which the other side was told in `traceparent`. */
  readonly spanId: string;
  /** What the other side was told instead, by a tracing of the bot's own. */
  readonly toldSpan?: { readonly traceId: string; readonly spanId: string };
  readonly method: string;
  /** Host name and port, where it is not the scheme's own. No path: it may hold anything. */
  readonly host: string;
  readonly status: number | null;
  /** The error's code or class, where there was no answer. */
  readonly errorType: string | null;
}

/** A question to the statistics. */
export interface StoreOperation extends OperationTimes {
  readonly kind: 'store';
  readonly question: 'summary' | 'timeline' | 'invocations' | 'errors' | 'changes' | 'forget_user';
  readonly errorType: string | null;
}

export type Operation = RestOperation | HttpOperation | StoreOperation;

export interface Ack {
  readonly kind: AckKind;
  /** From creation, by Discord's clock, to the answer's acceptance, by ours. Never negative. */
  readonly afterCreationSeconds: number;
}

export interface InvocationReceived extends Invocation {
  readonly type: 'invocation_received';
}

/** One interaction, however it ended: recorded once, after it settled. */
export interface InvocationSettled extends Invocation {
  readonly type: 'invocation_settled';
  readonly outcome: Outcome;
  /** Monotonic, from receipt to settlement, whatever the outcome. */
  readonly durationSeconds: number;
  /** The first answer that Discord accepted. */
  readonly ack: Ack | null;
  /** Null where Discord waits for no answer: to a message. */
  readonly deadline: DeadlineResult | null;
  /** Why no first answer came in time, be it missed or unanswered; null if one did, or if somebody else gave it. */
  readonly lateness: Lateness | null;
}

/** Who was late, as far as can be told from what was measured. */
export const CULPRITS = ['delivery', 'event_loop', 'handler', 'clock_skew', 'discord'] as const;
export type Culprit = (typeof CULPRITS)[number];

/** What was measured of an answer that was missed; seconds. */
export interface Lateness {
  readonly culprit: Culprit;
  /** From creation, by Discord's clock put right by `clockOffsetSeconds`, to receipt. */
  readonly deliverySeconds: number;
  /** How long the event loop was blocked between creation and deadline. */
  readonly eventLoopBlockedSeconds: number;
  /** From receipt to the first attempt to answer; null if none was made. */
  readonly firstAttemptSeconds: number | null;
  /** How far our clock is ahead of Discord's; null if that is not known. */
  readonly clockOffsetSeconds: number | null;
}

/** The state of one gateway connection changed. */
export interface ShardChanged {
  readonly type: 'shard_changed';
  readonly shard: number;
  readonly change:
    /** An attempt begins. It ends as `ready` (a fresh session), `resumed` or `failed`. */
    | { readonly kind: 'connecting' }
    | { readonly kind: 'ready' }
    | { readonly kind: 'resumed' }
    | { readonly kind: 'failed' }
    | { readonly kind: 'closed'; readonly code: number }
    /** Heartbeats were answered and nothing else came, for so long that we had it start a fresh session. */
    | { readonly kind: 'found_deaf' }
    | { readonly kind: 'heartbeat_acknowledged'; readonly latencySeconds: number; readonly at: number };
}

/** A dispatch arrived from the gateway. */
export interface GatewayDispatched {
  readonly type: 'gateway_dispatched';
  readonly shard: number;
  /** The gateway's own name, such as `INTERACTION_CREATE`. */
  readonly event: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A request to Discord's REST API went over the wire: each attempt by itself. */
export interface RestAttempted {
  readonly type: 'rest_attempted';
  readonly method: string;
  /** A template without ids, tokens or codes: `/channels/:id/messages`. */
  readonly route: string;
  /** Discord's answer, or why there was none. */
  readonly status: number | 'timeout' | 'network_error' | 'aborted';
  readonly durationSeconds: number;
  /** Of a 429: whose limit it was. */
  readonly rateLimitScope: RateLimitScope | null;
}

/** Whose rate limit it is. */
export const RATE_LIMIT_SCOPES = ['user', 'global', 'shared'] as const;
export type RateLimitScope = (typeof RATE_LIMIT_SCOPES)[number];

/** A call to Discord's REST API came to its end, after any number of attempts. */
export interface RestCallSettled {
  readonly type: 'rest_call_settled';
  readonly method: string;
  readonly route: string;
  readonly attempts: number;
  readonly outcome: 'ok' | 'failed';
  /** Discord's JSON error code, where it gave one. */
  readonly code: number | null;
  readonly durationSeconds: number;
  /** The part of it in which nothing of it was on the wire: it waited in the queues of discord.js. */
  readonly waitSeconds: number;
}

/** discord.js held a call back, so that it would not meet a limit. */
export interface RestHeldBack {
  readonly type: 'rest_held_back';
  readonly scope: RateLimitScope;
}

/** The command modules were read from their directories. */
export interface CommandsLoaded {
  readonly type: 'commands_loaded';
  readonly loaded: number;
  readonly failed: number;
  /** Everything that can be invoked by name, so that its series start at 0. */
  readonly names: readonly { readonly command: string; readonly kind: Kind }[];
}

/** A run began to wait for presses of its own components: they will be counted under its command. */
export interface CollectorOpened {
  readonly type: 'collector_opened';
  readonly command: string;
}

/** The bot is no longer in a server: it left, was removed, or the server is gone. */
export interface GuildLeft {
  readonly type: 'guild_left';
  readonly guildId: string;
}

/** An error reached the process itself. */
export interface UnhandledError {
  readonly type: 'unhandled_error';
  readonly kind: 'exception' | 'rejection';
  readonly error: unknown;
}

export type TelemetryEvent =
  | InvocationReceived
  | InvocationSettled
  | ShardChanged
  | GatewayDispatched
  | RestAttempted
  | RestCallSettled
  | RestHeldBack
  | CommandsLoaded
  | CollectorOpened
  | GuildLeft
  | UnhandledError;

/** A reader of events. `record` is synchronous and O(1) for the caller. */
export interface Sink {
  readonly name: string;
  record(event: TelemetryEvent): void;
  /** Events it gave up since the start, by why; the reasons are known from the start. */
  dropped?(this: void): Readonly<Record<string, number>>;
  /** Drains what waits. */
  close?(): Promise<void>;
}
