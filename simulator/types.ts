import type {
  APIApplicationCommand,
  APIApplicationCommandOptionChoice,
  APIAttachment,
  APIEmbed,
  APIMessageTopLevelComponent,
  APIModalInteractionResponseCallbackData,
} from 'discord-api-types/v10';
import type { Faults } from './faults';
import type { RestLogEntry } from './rest/log';

/** What a test, a demo or a benchmark sees of the simulator. Times are milliseconds since the epoch. */

export interface SimulatorOptions {
  /** Port to listen on; 0, the default, takes a free one. */
  readonly port?: number;
  /** The address to listen on; loopback by default. */
  readonly host?: string;
  /** The only bot token that is accepted. */
  readonly token?: string;
  /** How many shards `GET /gateway/bot` recommends; 1 by default. */
  readonly shards?: number;
  /** One server named "Harbour" by default. */
  readonly guilds?: readonly { readonly name: string; readonly memberCount?: number }[];
  /** Who owns the application: a user's name, or a team of which the first member is the owner. */
  readonly owner?: string | { readonly team: string; readonly members: readonly string[] };
  /** Enforce Discord's rate limits (50 a second, and one for each bucket); off by default. */
  readonly rateLimits?: boolean;
  /** Milliseconds between heartbeats; 41,250 by default. */
  readonly heartbeatIntervalMs?: number;
  /** Milliseconds that every REST answer is held back; 0 by default. */
  readonly restLatencyMs?: number;
  /** Milliseconds from creation in which an interaction must be answered; 3,000 by default. */
  readonly deadlineMs?: number;
  /** Milliseconds from creation after which an interaction's token is dead; 900,000 by default. */
  readonly tokenLifeMs?: number;
  /** Milliseconds a new connection has to identify itself; 30,000 by default. */
  readonly identifyTimeoutMs?: number;
  /** Sessions that may be started at once. If given, a second IDENTIFY of its bucket in 5 s is refused (op 9). */
  readonly maxConcurrency?: number;
  /** Sessions that may be started a day; 1,000 by default. */
  readonly sessionStartLimit?: number;
  /** Intents (bits) that close an IDENTIFY with 4014; none by default. */
  readonly disallowedIntents?: number;
  /** Discord's clock; the system's by default. */
  readonly now?: () => number;
}

export interface SimulatedChannel {
  readonly id: string;
  readonly name: string;
}

export interface SimulatedGuild {
  readonly id: string;
  readonly name: string;
  readonly channels: readonly SimulatedChannel[];
}

/** A message as it stands now: an edit or a deletion shows in the object that one holds. */
export interface SimulatedMessage {
  readonly id: string;
  readonly channelId: string;
  readonly guildId: string | null;
  readonly author: { readonly id: string; readonly name: string };
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly components: readonly APIMessageTopLevelComponent[];
  readonly attachments: readonly APIAttachment[];
  /** Only one user sees it. */
  readonly ephemeral: boolean;
  readonly edited: boolean;
  readonly deleted: boolean;
}

/** What the user sees of an interaction. */
export type ExchangeState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'thinking'; readonly ephemeral: boolean }
  | { readonly kind: 'answered'; readonly messages: readonly SimulatedMessage[] }
  | { readonly kind: 'choices'; readonly choices: readonly APIApplicationCommandOptionChoice[] }
  | { readonly kind: 'modal'; readonly modal: APIModalInteractionResponseCallbackData }
  /** A component's click was taken note of; nothing has changed yet. */
  | { readonly kind: 'acknowledged' }
  /** "The application did not respond." */
  | { readonly kind: 'did_not_respond' };

/** One attempt of the bot to answer for the first time, and what Discord said to it. */
export interface CallbackAttempt {
  readonly type: number;
  readonly at: number;
  readonly status: number;
  /** Discord's JSON error code; null if it was accepted. */
  readonly code: number | null;
}

export interface WaitOptions {
  /** Real milliseconds to wait before the promise is rejected. */
  readonly timeoutMs?: number;
}

/** One interaction, from what the user did to all that came of it. */
export interface Exchange {
  readonly id: string;
  readonly token: string;
  readonly createdAt: number;
  readonly user: SimulatedUser;
  readonly channelId: string;
  readonly guildId: string | null;
  readonly state: ExchangeState;
  /** Everything that came of it and that this user sees, oldest first; not the "thinking…" placeholder. */
  readonly messages: readonly SimulatedMessage[];
  readonly callbacks: readonly CallbackAttempt[];
  /** The state, once it is not `waiting` any more. */
  answer(options?: WaitOptions): Promise<ExchangeState>;
  /** The first real message; waits through "thinking…". Rejected if the application did not respond. */
  message(options?: WaitOptions): Promise<SimulatedMessage>;
  /** Resolves once the predicate holds; it is asked again after every change. */
  until(predicate: (exchange: Exchange) => boolean, options?: WaitOptions): Promise<Exchange>;
}

/** Where and when a user acts. By default: the first channel of the first server, now. */
export interface PlaceOptions {
  readonly guild?: string | SimulatedGuild;
  /** By name or id. */
  readonly channel?: string | SimulatedChannel;
  /** In the user's direct messages with the bot. */
  readonly dm?: boolean;
  readonly locale?: string;
  /** By Discord's clock; earlier than now, to deliver late. */
  readonly createdAt?: number;
}

export interface TypeOptions extends PlaceOptions {
  /** Contents of the files that attachment options name, or that go with a message; empty by default. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
}

export interface SayOptions extends TypeOptions {
  /** Says it in reply to this message, whose author is pinged, as Discord does by default. */
  readonly replyTo?: SimulatedMessage;
}

/** An interaction as raw as the gateway sends it: nothing is looked up or checked. */
export interface RawInvocation {
  readonly name: string;
  /** 1 chat input (default), 2 user, 3 message. */
  readonly type?: 1 | 2 | 3;
  readonly options?: readonly unknown[];
}

export interface SimulatedUser {
  readonly id: string;
  readonly name: string;
  readonly locale: string;
  /** Types a slash command, `/ticket close id:7 reason:"too old"`, checked against what is registered. */
  type(line: string, options?: TypeOptions): Exchange;
  /** Asks for suggestions for the last option of the line. */
  complete(line: string, options?: TypeOptions): Exchange;
  /** Uses a command whether it is registered or not. */
  invoke(command: RawInvocation, options?: PlaceOptions): Exchange;
  /** Uses a context menu command on a user or a message. */
  menu(name: string, options: PlaceOptions & { readonly target: SimulatedUser | SimulatedMessage }): Exchange;
  press(message: SimulatedMessage, customId: string, options?: PlaceOptions): Exchange;
  select(
    message: SimulatedMessage,
    customId: string,
    values: readonly string[],
    options?: PlaceOptions,
  ): Exchange;
  /** Fills in and sends the modal that the exchange was answered with. */
  submit(exchange: Exchange, fields: Readonly<Record<string, string>>, options?: PlaceOptions): Exchange;
  /** Writes a message; "@bot" becomes a mention of the bot. */
  say(text: string, options?: SayOptions): SimulatedMessage;
}

/** One shard, over all the connections that were made for it. */
export interface ShardConnection {
  readonly shard: number;
  readonly open: boolean;
  readonly identifiedAt: number | null;
  readonly identifies: number;
  readonly resumes: number;
  readonly heartbeats: number;
  /** Close codes, oldest first, whichever side closed. */
  readonly closed: readonly number[];
}

export interface Simulator {
  /** What `DISCORD_API_URL` is set to, such as `http://127.0.0.1:4000/api`; the client appends `/v10`. */
  readonly apiUrl: string;
  readonly token: string;
  readonly applicationId: string;
  readonly owner: SimulatedUser;
  readonly guilds: readonly SimulatedGuild[];
  /** The user of that name, who is made on first mention. */
  user(name: string, options?: { readonly locale?: string; readonly id?: string }): SimulatedUser;
  /** The commands as registered now, everywhere or in one server. */
  commands(guildId?: string): readonly APIApplicationCommand[];
  /** Every accepted write to the commands, oldest first. */
  readonly commandWrites: readonly { readonly method: string; readonly path: string }[];
  /** Resolves once so many shards (default: those recommended) have been sent READY. */
  ready(options?: WaitOptions & { readonly shards?: number }): Promise<void>;
  /** Resolves once commands of these names are registered, wherever. */
  registered(names: readonly string[], options?: WaitOptions): Promise<void>;
  /** Resolves once the predicate holds, whatever it looks at; it is asked again on every change, and every 10 ms. */
  until(predicate: () => boolean, options?: WaitOptions): Promise<void>;
  /** Oldest first; the public ones, and the ephemeral ones of the user who is named. */
  channelMessages(channelId: string, as?: SimulatedUser): readonly SimulatedMessage[];
  readonly rest: {
    /** The newest requests, oldest of them first. */
    readonly log: readonly RestLogEntry[];
    /** Requests since the start, by method and route: `POST /channels/:channelId/messages`. */
    readonly counts: Readonly<Record<string, number>>;
  };
  readonly gateway: { readonly connections: readonly ShardConnection[] };
  readonly faults: Faults;
  /** Sends a raw dispatch to every session, or to those of one shard. */
  emit(event: string, data: unknown, options?: { readonly shard?: number }): void;
  /** Ends every connection at once and rejects whoever waits. Idempotent. */
  close(): Promise<void>;
}
