import { startFromArguments } from './cli';

/** The simulator as a process of its own: prints how to connect a bot, and runs until it is told to stop. */
async function main(): Promise<void> {
  const discord = await startFromArguments(process.argv.slice(2), (text) => process.stdout.write(text));
  const stop = (): void => void discord?.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
