/**
 * Wraps work so that calls made while a run is under way get that run's result. What costs much to answer then costs
 * it once, however many ask at the same time.
 */
export function shareInFlight<Result>(run: () => Promise<Result>): () => Promise<Result> {
  let inFlight: Promise<Result> | null = null;
  return () => {
    inFlight ??= run().finally(() => {
      inFlight = null;
    });
    return inFlight;
  };
}
