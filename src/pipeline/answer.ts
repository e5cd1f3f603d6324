import type { AckKind, DeadlineResult } from '../telemetry/event';

/** How long after the deadline an answer that is on its way is still waited for. */
const GRACE_MS = 2000;

/** One try to answer an interaction for the first time, from its sending to what Discord said. */
export interface AnswerAttempt {
  accepted(): void;
  refused(error: unknown): void;
}

/**
 * What is known of the answer to one interaction. Whoever sees the answers on the wire reports them here; the
 * pipeline waits here until the answer is known.
 */
export class Answer {
  /** The first answer that Discord accepted, at a monotonic time in milliseconds. */
  accepted: { readonly kind: AckKind; readonly at: number } | null = null;
  /** Why Discord refused the first one, if it did. */
  refusal: { readonly error: unknown } | null = null;
  #pending = 0;
  #changed: (() => void) | null = null;
  #giveUp: (() => void) | null = null;
  #idle: (() => void) | null = null;

  constructor(private readonly monotonic: () => number) {}

  /** To be called as an answer is sent. */
  attempt(kind: AckKind): AnswerAttempt {
    this.#pending += 1;
    let open = true;
    const close = (settle: () => void): void => {
      if (!open) return;
      open = false;
      this.#pending -= 1;
      settle();
      if (this.#pending === 0) this.#idle?.();
      this.#changed?.();
    };
    this.#changed?.();
    return {
      accepted: () => close(() => (this.accepted ??= { kind, at: this.monotonic() })),
      refused: (error) => close(() => (this.refusal ??= { error })),
    };
  }

  get result(): DeadlineResult {
    if (this.accepted !== null) return 'met';
    return this.refusal !== null || this.#pending > 0 ? 'missed' : 'unanswered';
  }

  /**
   * Resolves once the answer has been accepted, or refused for good, or the deadline has passed with none on its way.
   * For one that is on its way it waits 2 s longer: Discord may have accepted it in time.
   *
   * @param remainingMs until the deadline; below 0: it has passed.
   * @param final whether a refusal leaves no hope for another try.
   */
  known(remainingMs: number, final: (error: unknown) => boolean): Promise<void> {
    if (this.accepted !== null) return Promise.resolve();
    return new Promise((resolve) => {
      const deadlineMs = Math.max(0, remainingMs);
      let late = false;
      const done = (): void => {
        clearTimeout(deadline);
        clearTimeout(end);
        this.#changed = null;
        this.#giveUp = null;
        resolve();
      };
      const look = (): void => {
        const hopeless = late || (this.refusal !== null && final(this.refusal.error));
        if (this.accepted !== null || (this.#pending === 0 && hopeless)) done();
      };
      const deadline = setTimeout(() => {
        late = true;
        look();
      }, deadlineMs);
      const end = setTimeout(done, deadlineMs + GRACE_MS);
      this.#changed = look;
      this.#giveUp = done;
      look();
    });
  }

  /** Resolves once no answer is on its way: two at once would be one too many. */
  async idle(): Promise<void> {
    if (this.#pending === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
    // Whoever sent it is to know of it before anybody asks.
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Ends the waiting: whatever is not known by now will not be. */
  giveUp(): void {
    this.#giveUp?.();
  }
}
