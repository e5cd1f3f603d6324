import type {
  APIApplicationCommandOptionChoice,
  APIModalInteractionResponseCallbackData,
  InteractionType,
} from 'discord-api-types/v10';
import { isVisible, type StoredMessage } from '../messages';
import type { CallbackAttempt, Exchange, ExchangeState, SimulatedUser, WaitOptions } from '../types';
import { createWaiters } from '../waiters';
import type { Channel } from '../world';

/** Where an interaction stands; `answered` holds no messages, since they change. */
export type Phase = Exclude<ExchangeState, { readonly kind: 'answered' }> | { readonly kind: 'answered' };

export interface ExchangeFacts {
  readonly id: string;
  readonly token: string;
  readonly createdAt: number;
  readonly type: InteractionType;
  readonly user: SimulatedUser;
  readonly channel: Channel;
  /** The command's name; null for components and modals. */
  readonly commandName: string | null;
  /** The message that a component (or the modal it opened) belongs to. */
  readonly source: StoredMessage | null;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** One interaction's life: what the bot has said to it, and who waits for that. */
export class LiveExchange implements Exchange {
  readonly facts: ExchangeFacts;
  /** What `@original` stands for. */
  original: StoredMessage | null = null;
  readonly callbacks: CallbackAttempt[] = [];
  readonly #shown = new Set<StoredMessage>();
  readonly #waiters = createWaiters();
  #phase: Phase = { kind: 'waiting' };
  #deadline: NodeJS.Timeout | undefined;

  constructor(facts: ExchangeFacts, deadlineMs: number) {
    this.facts = facts;
    this.#deadline = setTimeout(() => this.expire(), deadlineMs);
  }

  get id(): string {
    return this.facts.id;
  }

  get token(): string {
    return this.facts.token;
  }

  get createdAt(): number {
    return this.facts.createdAt;
  }

  get user(): SimulatedUser {
    return this.facts.user;
  }

  get channelId(): string {
    return this.facts.channel.id;
  }

  get guildId(): string | null {
    return this.facts.channel.guildId;
  }

  get phase(): Phase {
    return this.#phase;
  }

  get state(): ExchangeState {
    return this.#phase.kind === 'answered' ? { kind: 'answered', messages: this.messages } : this.#phase;
  }

  get messages(): readonly StoredMessage[] {
    return [...this.#shown].filter((message) => isVisible(message, this.user.id));
  }

  /** The modal it was answered with, if it was. */
  get modal(): APIModalInteractionResponseCallbackData | null {
    return this.#phase.kind === 'modal' ? this.#phase.modal : null;
  }

  get choices(): readonly APIApplicationCommandOptionChoice[] {
    return this.#phase.kind === 'choices' ? this.#phase.choices : [];
  }

  /** Moves on; from then on there is no deadline. */
  become(phase: Phase): void {
    clearTimeout(this.#deadline);
    this.#phase = phase;
    this.touch();
  }

  /** No answer came in time. */
  expire(): void {
    if (this.#phase.kind === 'waiting') this.become({ kind: 'did_not_respond' });
  }

  show(message: StoredMessage): void {
    this.#shown.add(message);
    this.touch();
  }

  /** Something that it shows has changed. */
  touch(): void {
    this.#waiters.changed();
  }

  attempted(attempt: CallbackAttempt): void {
    this.callbacks.push(attempt);
    this.touch();
  }

  /** Nothing more will come; whoever waits is told so. */
  close(): void {
    clearTimeout(this.#deadline);
    this.#waiters.close();
  }

  async answer(options: WaitOptions = {}): Promise<ExchangeState> {
    await this.until(() => this.#phase.kind !== 'waiting', options);
    return this.state;
  }

  async message(options: WaitOptions = {}): Promise<StoredMessage> {
    await this.until(() => this.messages.length > 0 || this.#phase.kind === 'did_not_respond', options);
    const [first] = this.messages;
    if (first === undefined) throw new Error(`The application did not respond. ${this.#describe()}`);
    return first;
  }

  async until(predicate: (exchange: Exchange) => boolean, options: WaitOptions = {}): Promise<this> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS } = options;
    await this.#waiters.until(
      () => predicate(this),
      timeoutMs,
      () => this.#describe(),
    );
    return this;
  }

  #describe(): string {
    const attempts = this.callbacks.map(({ type, status, code }) => `type ${type}: ${status} ${code ?? ''}`);
    const what = this.facts.commandName ?? 'component or modal';
    return `(${what}, state ${this.#phase.kind}; callbacks: ${attempts.join(', ') || 'none'})`;
  }
}
