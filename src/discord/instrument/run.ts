import { types } from 'node:util';

/** One interaction in the hands of the bot's own code: until all that is known to work at it has ended. */
export class Run {
  /** Resolves when all has ended; rejected with the first thing that went wrong. */
  readonly ended: Promise<void>;
  #open = 1;
  #failure: { readonly error: unknown } | null = null;
  #settle: (failure: { readonly error: unknown } | null) => void = () => undefined;

  /**
   * It is open until the first `release`.
   *
   * @param asFailure what it means that the bot's code threw this.
   */
  constructor(private readonly asFailure: (error: unknown) => unknown) {
    this.ended = new Promise((resolve, reject) => {
      this.#settle = (failure) => {
        if (failure === null) resolve();
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever the bot's code threw
        else reject(failure.error);
      };
    });
    // Nobody may be waiting for it yet.
    this.ended.catch(() => undefined);
  }

  get hasFailed(): boolean {
    return this.#failure !== null;
  }

  /** Somebody has begun to work at it. */
  hold(): void {
    this.#open += 1;
  }

  /** Somebody has ended. */
  release(): void {
    this.#open -= 1;
    if (this.#open === 0) this.#settle(this.#failure);
  }

  /** Something went wrong. What went wrong first counts. */
  fail(error: unknown): void {
    this.#failure ??= { error: this.asFailure(error) };
  }

  /**
   * Waits for what a listener gave, if it is a promise. Only for those of the language: to ask any other `then` may be
   * to start its work a second time. Being read here, its rejection counts as handled, as it does without us:
   * discord.js's emitter reads it too.
   */
  follow(result: unknown): void {
    if (!types.isPromise(result)) return;
    this.hold();
    void Promise.prototype.then.call(
      result,
      () => this.release(),
      (error: unknown) => {
        this.fail(error);
        this.release();
      },
    );
  }

  /**
   * Waits for what a handler gave, if it is a promise and no more than that.
   *
   * @returns what its caller is to get in its place. A second reader of the promise itself would hide a rejection that
   * nobody handles from Node.js, and the lines of the callers from the stack of an error.
   */
  relay(result: unknown): unknown {
    return isPlainPromise(result) ? this.#awaited(result) : result;
  }

  async #awaited(promise: Promise<unknown>): Promise<unknown> {
    this.hold();
    try {
      return await promise;
    } catch (error) {
      this.fail(error);
      throw error;
    } finally {
      this.release();
    }
  }
}

/** One that another can stand in for: of no class of its own, and with nothing of its own that its caller may look for. */
function isPlainPromise(value: unknown): value is Promise<unknown> {
  return (
    types.isPromise(value) &&
    Object.getPrototypeOf(value) === Promise.prototype &&
    Object.keys(value).length === 0 // Node.js keeps marks of its own there, under symbols.
  );
}
