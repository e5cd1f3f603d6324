import { createSettledSink } from './settled';

/** The entry of the demo's bot: `src/main`, with one sink more, which tells the demo how each interaction ended. */

const leave = (): void => process.exit(0);
process.on('SIGTERM', leave).on('SIGINT', leave);

/** If the demo is gone, there is nobody to tell. */
const ignore = (): void => undefined;
const sink = createSettledSink((message) => process.send?.(message, ignore));

void import('../../../src/process.js').then(({ run }) =>
  run(() => process.off('SIGTERM', leave).off('SIGINT', leave), [sink]),
);
