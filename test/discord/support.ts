/** Asks until it holds; rejected after 5 s. */
export async function waitFor(holds: () => boolean): Promise<void> {
  const latest = Date.now() + 5000;
  while (!holds()) {
    if (Date.now() > latest) throw new Error(`Waited in vain for ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
