import { parentPort } from 'node:worker_threads';
import type { Chart, FromDrawing, ToDrawing } from './charts';

/** The thread that draws. */

let drawing: Promise<(chart: Chart) => Buffer> | null = null;

async function draw(chart: Chart): Promise<Uint8Array<ArrayBuffer>> {
  // Loaded here, so that a machine that the library was not built for gets an answer rather than a dead thread.
  drawing ??= import('./draw.js').then(({ openDrawing }) => openDrawing());
  return new Uint8Array((await drawing)(chart)); // A copy: memory of the library's cannot be handed over.
}

function describe(error: unknown): string {
  const { message } = error instanceof Error ? error : new Error(String(error));
  return `${message} (on ${process.platform} ${process.arch})`;
}

parentPort?.on('message', ({ id, chart }: ToDrawing) => {
  const answer = (message: FromDrawing, transfer: ArrayBuffer[]) =>
    parentPort?.postMessage(message, transfer);
  draw(chart).then(
    (png) => answer({ type: 'drawn', id, png }, [png.buffer]),
    (error: unknown) => answer({ type: 'failed', id, detail: describe(error) }, []),
  );
});
