import type { OutcomeKind } from '../../src/telemetry/event';
import type { OutcomeCounts } from './bot/numbers';
import type { Settled } from './bot/settled';
import type { Exchange } from '../index';
import type { Actor } from './crowd/cast';

/** Something that a user did, and how it ended as soon as that is known. */
export interface Entry {
  readonly kind: 'command' | 'suggestion';
  readonly line: string;
  readonly actor: Actor;
  readonly exchange: Exchange;
  readonly settled: Settled | null;
}

export type SettledEntry = Entry & { readonly settled: Settled };

/**
 * What was typed, from the users' side, and how it ended, from the bot's: the two are joined by the interaction's id,
 * which only Discord gives.
 */
export class Ledger {
  readonly #expected = new Set<string>();
  readonly #pending = new Map<string, Entry>();
  readonly #outcomes: Record<OutcomeKind, number> = { ok: 0, refused: 0, failed: 0 };
  readonly #listeners = new Set<(entry: SettledEntry) => void>();
  readonly #waiting = new Set<() => void>();
  #typed = 0;

  get typed(): number {
    return this.#typed;
  }

  get outcomes(): OutcomeCounts {
    return this.#outcomes;
  }

  /** Those not settled yet, oldest first. */
  get pending(): readonly Entry[] {
    return [...this.#pending.values()];
  }

  open(entry: Omit<Entry, 'settled'>): Entry {
    this.#typed += 1;
    const opened: Entry = { ...entry, settled: null };
    this.#pending.set(entry.exchange.id, opened);
    return opened;
  }

  /**
   * Something was done that the bot may count or not, such as a click or a message: it is written down if it settles. Resolves when
   * it does, and never if it does not.
   */
  expect({ id }: { readonly id: string }): Promise<void> {
    this.#expected.add(id);
    return this.#until(() => !this.#expected.has(id));
  }

  /** Notes how an interaction ended. Every one counts, also a second one of the same interaction. */
  settle(settled: Settled): void {
    if (this.#expected.delete(settled.interactionId)) this.#typed += 1;
    this.#outcomes[settled.outcome] += 1;
    const entry = this.#pending.get(settled.interactionId);
    if (entry !== undefined) {
      this.#pending.delete(settled.interactionId);
      const closed = Object.assign(entry, { settled });
      for (const listener of [...this.#listeners]) listener(closed);
    }
    for (const look of [...this.#waiting]) look();
  }

  /** Is told of every entry that settles. */
  onSettled(listener: (entry: SettledEntry) => void): void {
    this.#listeners.add(listener);
  }

  /** Resolves when nothing is pending. */
  idle(): Promise<void> {
    return this.#until(() => this.#pending.size === 0);
  }

  /** Resolves when this entry has settled. */
  settlement(entry: Entry): Promise<void> {
    return this.#until(() => entry.settled !== null);
  }

  /** Asks again after each settlement. */
  #until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!holds()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }
}
