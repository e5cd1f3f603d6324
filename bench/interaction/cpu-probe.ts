/** Loaded before a measured process: tells its parent, whenever asked, how much CPU it has used, in microseconds. */

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
// Neither the listener nor the channel may keep the process alive, or change how it ends.
process.channel?.unref();
