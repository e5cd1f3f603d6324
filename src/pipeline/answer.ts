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
  /** Why Discord refused what it refused first: an answer, or what was to take a placeholder's place. */
  refusal: { readonly error: unknown } | null = null;
  /** When the first one was sent, whatever came of it: monotonic milliseconds. */
  firstAttemptAt: number | null = null;
  /** Whether Discord shows that the bot is "thinking", and nothing has taken the place of that. */
  isThinking = false;
  #pending = 0;
  #changed: (() => void) | null = null;
  #giveUp: (() => void) | null = null;
  #idle: (() => void) | null = null;

  constructor(private readonly monotonic: () => number) {}

  /**
   * To be called as an answer is sent.
   *
   * @param isPlaceholder whether all it shows is that the answer is to come.
   */
  attempt(kind: AckKind, isPlaceholder = false): AnswerAttempt {
    this.firstAttemptAt ??= this.monotonic();
    return this.#open(() => {
      if (this.accepted !== null) return;
      this.accepted = { kind, at: this.monotonic() };
      this.isThinking = isPlaceholder;
    });
  }

  /** To be called as something is sent that takes the placeholder's place: an edit, a follow-up, its deletion. */
  follow(): AnswerAttempt {
    return this.#open(() => (this.isThinking = false));
  }

  #open(accept: () => void): AnswerAttempt {
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
      accepted: () => close(accept),
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
    return this.#wait(Math.max(0, remainingMs), (isLate) => {
      const isHopeless = isLate || (this.refusal !== null && final(this.refusal.error));
      return this.accepted !== null || (this.#pending === 0 && isHopeless);
    });
  }

  /**
   * Resolves with whether the user is left with a bot that "thinks": once something has taken the place of that, or
   * nothing is on its way when the limit is over. For what is on its way it waits 2 s longer, and takes it for sent.
   */
  async leftThinking(limitMs: number): Promise<boolean> {
    if (this.isThinking) {
      await this.#wait(limitMs, (isLate) => !this.isThinking || (isLate && this.#pending === 0));
    }
    return this.isThinking && this.#pending === 0;
  }

  /** Waits until it is done, which is asked at each change and at the deadline; 2 s longer at most. */
  #wait(deadlineMs: number, isDone: (isLate: boolean) => boolean): Promise<void> {
    return new Promise((resolve) => {
      let isLate = false;
      const done = (): void => {
        clearTimeout(timer);
        this.#changed = null;
        this.#giveUp = null;
        resolve();
      };
      const look = (): void => {
        if (isDone(isLate)) done();
      };
      const deadline = (): void => {
        isLate = true;
        timer = setTimeout(done, GRACE_MS).unref();
        look();
      };
      let timer = setTimeout(deadline, deadlineMs).unref();
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
