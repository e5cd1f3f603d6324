/** Standard output, for as long as somebody reads it. */
export interface Output {
  /** Resolves when there is room for more. */
  write(text: string): Promise<void>;
}

/** @param onGone is called once nobody reads any more, as after `| head`; what is written then goes nowhere. */
export function createOutput(stdout: NodeJS.WritableStream, onGone: () => void): Output {
  let gone = false;
  let wake: () => void = () => undefined;
  stdout.on('error', () => {
    gone = true;
    onGone();
    wake();
  });
  return {
    write: async (text) => {
      if (gone || text === '' || stdout.write(text)) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
        stdout.once('drain', resolve);
      });
    },
  };
}

/** Whether colours are wanted: as NO_COLOR and FORCE_COLOR say, else on a terminal. */
export function wantsColour(
  stdout: NodeJS.WritableStream,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const { NO_COLOR: no, FORCE_COLOR: force } = environment;
  if (no !== undefined && no !== '') return false;
  if (force !== undefined) return force !== '0' && force !== 'false';
  return 'isTTY' in stdout && stdout.isTTY === true;
}
