import path from 'node:path';
import { createApp, type App } from './app';
import { readBuildInfo } from './build-info';
import { LoginError } from './discord/login';
import { ListenError } from './http/listen-error';
import { loadSettings, SettingsError, type Settings } from './settings';
import type { Sink } from './telemetry/event';

/** The process: settings, signals, exit code. */

const EXIT_STOPPED = 0;
const EXIT_FAILED = 1;
const EXIT_SETTINGS = 2;
/** What an exit may take beyond the time of the commands in flight, until it is forced. */
const EXIT_MARGIN_SECONDS = 10;
/** Package managers pass a Ctrl-C on that the terminal has sent to the bot already: that is one, not two. */
const SAME_SIGNAL_MS = 150;

const root = path.resolve(__dirname, '..', '..');

function readSettings(): Settings {
  try {
    return loadSettings({
      environment: process.env,
      workingDirectory: process.cwd(),
      configDirectory: process.env.NODE_CONFIG_DIR ?? path.join(root, 'config'),
    });
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_SETTINGS);
  }
}

/** Ends the process, once everything has ended or the time for it is over. A failure is told, whenever it comes. */
async function exit(app: App, code: number, drainSeconds: number): Promise<void> {
  if (code !== EXIT_STOPPED) process.exitCode = code;
  setTimeout(() => process.exit(EXIT_FAILED), (drainSeconds + EXIT_MARGIN_SECONDS) * 1000).unref();
  await app.stop(drainSeconds).catch(() => undefined);
  process.exit();
}

function stopOnSignals(app: App, drainSeconds: number, code: () => number): void {
  let first: { readonly signal: NodeJS.Signals; readonly at: number } | null = null;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (first === null) {
      first = { signal, at: performance.now() };
      app.logger.info(`${signal}: stopping. Once more ends it at once.`);
      void exit(app, code(), drainSeconds);
      return;
    }
    const isEcho =
      signal === 'SIGINT' && first.signal === signal && performance.now() - first.at < SAME_SIGNAL_MS;
    if (!isEcho) process.exit(EXIT_FAILED);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
}

/** nodemon restarts with this signal: `nodemon --signal SIGTERM`. SIGUSR1 is Node's own, and Windows has neither. */
function debugOnSignal(app: App): void {
  if (process.platform !== 'win32') process.on('SIGUSR2', (signal) => app.toggleDebug(signal));
}

function stopOnUnhandledErrors(app: App): void {
  const onError = (kind: 'exception' | 'rejection') => (error: unknown) => {
    app.recordUnhandled(kind, error);
    app.logger.error(`An unhandled ${kind} ends the process.`, { error });
    void exit(app, EXIT_FAILED, 0);
  };
  process.on('uncaughtException', onError('exception'));
  process.on('unhandledRejection', onError('rejection'));
}

/**
 * Runs the bot until it ends, and then ends the process.
 *
 * @param signalsTaken is called once signals are taken here.
 * @param sinks are told of everything, after the bot's own.
 */
export async function run(signalsTaken: () => void, sinks: readonly Sink[] = []): Promise<void> {
  const settings = readSettings();
  const build = readBuildInfo(root, process.env.GIT_COMMIT);
  const app = createApp({ settings, build, root, environment: process.env, stdout: process.stdout, sinks });
  let code = EXIT_STOPPED;
  stopOnSignals(app, settings.shutdownTimeoutSeconds, () => code);
  stopOnUnhandledErrors(app);
  debugOnSignal(app);
  signalsTaken();
  try {
    await app.start();
  } catch (error) {
    code = EXIT_FAILED;
    // What was foreseen says all in its message; of anything else the stack is wanted.
    if (error instanceof LoginError || error instanceof ListenError) app.logger.error(error.message);
    else app.logger.error('The bot could not start.', { error });
    await app.linger();
    await exit(app, code, 0);
  }
}
