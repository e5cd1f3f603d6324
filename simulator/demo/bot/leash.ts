/**
 * Loaded into the bot's process before the bot: when whoever started it is gone, however that came about, it is asked
 * to stop, and ended if it does not.
 */
const PATIENCE_MS = 3000;

process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), PATIENCE_MS).unref();
});
// Waiting for that must not keep the process alive.
process.channel?.unref();
