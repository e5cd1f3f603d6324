import path from 'node:path';
import { runDemo } from './demo';
import { HELP, parseOptions } from './options';
import { createStopper } from './stopper';

/** The process: arguments, signals, exit code. */

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

function readOptions(): ReturnType<typeof parseOptions> {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\nnpm run demo -- --help lists the options.\n`);
    process.exit(EXIT_USAGE);
  }
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === null) return void process.stdout.write(HELP);
  const stopper = createStopper(
    () => performance.now(),
    () => process.exit(EXIT_FAILED),
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopper.signal());
  // Whoever read it has gone: there is nobody left to show anything to.
  process.stdout.on('error', () => stopper.request({ kind: 'asked' }));
  const { stdin: input, stdout: output, env: environment } = process;
  const root = path.resolve(__dirname, '..', '..', '..');
  // npm runs its scripts in the directory of package.json, and says where it was called.
  const workingDirectory = environment.INIT_CWD ?? process.cwd();
  const surroundings = {
    root,
    workingDirectory,
    input,
    output,
    environment,
    now: Date.now,
    random: Math.random,
  };
  process.exit(await runDemo(options, surroundings, stopper));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

main().catch((error: unknown) => {
  process.stderr.write(`The demo has failed: ${messageOf(error)}\n`);
  process.exit(EXIT_FAILED);
});
