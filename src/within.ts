/**
 * Waits for a promise, at most so long. Gives whether it was in time; rejects as the promise does.
 *
 * @param keepsProcess false: nothing is kept running for it.
 */
export async function within(
  promise: Promise<unknown>,
  limitMs: number,
  keepsProcess = true,
): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
    if (!keepsProcess) timer.unref();
  });
  try {
    return await Promise.race([promise.then(() => true), limit]);
  } finally {
    clearTimeout(timer);
  }
}
