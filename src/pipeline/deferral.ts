import type { Logger } from '../logging/logger';
import type { Answer } from './answer';

/** Answers in a command's place while the command works. */
export interface Deferral {
  /** How long after the interaction's creation, by Discord's clock; 0: at once. */
  readonly afterSeconds: number;
  /** Tells Discord that the answer is to come. */
  readonly run: () => Promise<void>;
}

/**
 * Runs the deferral when its time has come and no answer has been attempted by then: once at most. One that fails is
 * no failure of the command's, which may still answer by itself.
 *
 * @param options.afterMs from now; at 0 or below it is run before this returns.
 * @returns what calls it off, as is to be done when the handler ends: nobody is to wait for one that will not come.
 */
export function startDeferral(
  deferral: Deferral,
  options: { readonly afterMs: number; readonly answer: Answer; readonly logger: Logger },
): () => void {
  const { afterMs, answer, logger } = options;
  async function run(): Promise<void> {
    if (answer.firstAttemptAt !== null) return;
    try {
      await deferral.run();
    } catch (error) {
      logger.debug('The answer could not be deferred.', { error });
    }
  }
  if (afterMs <= 0) {
    void run();
    return () => undefined;
  }
  const timer = setTimeout(() => void run(), afterMs);
  return () => clearTimeout(timer);
}
