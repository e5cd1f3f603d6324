/** Why the demo ends. */
export type StopReason = { readonly kind: 'asked' } | { readonly kind: 'bot_ended' };

/** Decides when the demo ends, and whether in order. */
export interface Stopper {
  /** Resolves at the first reason to stop. */
  readonly requested: Promise<StopReason>;
  request(reason: StopReason): void;
  /** A signal: the first one asks to stop; one that comes later, when that goes on, ends all at once. */
  signal(): void;
}

/** npm passes a signal on that the terminal has sent to the demo already: that is one, not two. */
const SAME_SIGNAL_MS = 150;

/** @param monotonic milliseconds that never go back. */
export function createStopper(monotonic: () => number, endAtOnce: () => void): Stopper {
  let resolve: (reason: StopReason) => void = () => undefined;
  let signalledAt: number | null = null;
  const requested = new Promise<StopReason>((settle) => {
    resolve = settle;
  });
  return {
    requested,
    request: (reason) => resolve(reason),
    signal() {
      if (signalledAt === null) {
        signalledAt = monotonic();
        resolve({ kind: 'asked' });
      } else if (monotonic() - signalledAt > SAME_SIGNAL_MS) {
        endAtOnce();
      }
    },
  };
}
