/**
 * The entry. Loading the libraries takes a moment, in which there is nothing yet to put in order: a signal just ends
 * the process, as it should end.
 */

const leave = (): void => process.exit(0);
process.on('SIGTERM', leave).on('SIGINT', leave);

void import('./process.js').then(({ run }) => run(() => process.off('SIGTERM', leave).off('SIGINT', leave)));
