import { randomBytes } from 'node:crypto';
import type { StoredMessage } from '../messages';
import { LiveExchange, type ExchangeFacts } from './exchange';

export interface BookOptions {
  readonly now: () => number;
  readonly newId: (at?: number) => string;
  readonly deadlineMs: number;
  readonly tokenLifeMs: number;
}

/** The interactions of late, by token, and the two clocks that run for each. */
export interface ExchangeBook {
  open(facts: Omit<ExchangeFacts, 'id' | 'token' | 'createdAt'>, createdAt?: number): LiveExchange;
  find(token: string): LiveExchange | undefined;
  /** Whether it is too late for a first answer. */
  isLate(exchange: LiveExchange): boolean;
  /** Whether nothing can be done with its token any more. */
  isDead(exchange: LiveExchange): boolean;
  /** Tells the exchange that a message came of. */
  touch(message: StoredMessage): void;
  close(): void;
}

const KEPT = 20_000;

export function createExchangeBook(options: BookOptions): ExchangeBook {
  const byToken = new Map<string, LiveExchange>();
  const byId = new Map<string, LiveExchange>();

  const keep = (exchange: LiveExchange): void => {
    byToken.set(exchange.token, exchange);
    byId.set(exchange.id, exchange);
    if (byToken.size <= KEPT) return;
    const [oldest] = byToken.values();
    if (oldest === undefined) return;
    byToken.delete(oldest.token);
    byId.delete(oldest.id);
  };

  return {
    open(facts, createdAt = options.now()) {
      const id = options.newId(createdAt);
      const token = Buffer.from(`interaction:${id}:${randomBytes(48).toString('base64url')}`).toString(
        'base64url',
      );
      const age = Math.max(0, options.now() - createdAt);
      const exchange = new LiveExchange({ ...facts, id, token, createdAt }, options.deadlineMs - age);
      keep(exchange);
      return exchange;
    },
    find: (token) => byToken.get(token),
    isLate: (exchange) =>
      exchange.phase.kind === 'did_not_respond' || options.now() - exchange.createdAt > options.deadlineMs,
    isDead: (exchange) => options.now() - exchange.createdAt > options.tokenLifeMs,
    touch(message) {
      if (message.origin !== null) byId.get(message.origin.id)?.touch();
    },
    close() {
      for (const exchange of byToken.values()) exchange.close();
    },
  };
}
