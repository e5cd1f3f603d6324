/**
 * Runs one piece of the work, which is over within about 40 ms. Whoever has other things to do gives one that lets
 * them pass between the pieces.
 */
export type RunPiece = <Result>(work: () => Promise<Result>) => Promise<Result>;

export const directly: RunPiece = (work) => work();
