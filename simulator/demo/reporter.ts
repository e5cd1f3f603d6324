import type { ConsoleLine } from './bot/console-line';
import type { Display } from './console/display';
import type { Entry, Ledger } from './ledger';
import type { Stage } from './stage';
import { newsLine, statusLine } from './view/entry';
import { span, type Line } from './view/rich';

/** Shows what happens, as it happens. */
export interface Reporter {
  /** Shows an interaction that has settled, once its user has seen the end of it too. */
  report(entry: Entry): void;
  /** Shows what the bot writes past its numbers. */
  relay(line: ConsoleLine): void;
  /** From now on the status says that everything is being stopped. */
  stop(): void;
  /** Resolves when all that was to be shown has been. */
  flush(): Promise<void>;
}

export interface ReporterOptions {
  readonly display: Display;
  readonly stage: Stage;
  readonly ledger: Ledger;
  readonly verbose: boolean;
}

export function createReporter({ display, stage, ledger, verbose }: ReporterOptions): Reporter {
  const waiting = new Set<Promise<void>>();

  let last: Entry | null = null;
  let stopping = false;

  const status = (): Line => {
    if (!stopping) return statusLine(ledger, last, stage);
    const { length } = ledger.pending;
    return [span(` Stopping: waiting for ${length} in flight. Ctrl-C ends it at once.`, 'yellow')];
  };

  async function show(entry: Entry): Promise<void> {
    // The bot may know before the user does that no answer will come.
    await entry.exchange.answer().catch(() => undefined);
    last = entry;
    display.happened(newsLine(entry, stage.reader(entry.actor)), status());
  }

  return {
    report(entry) {
      const shown = show(entry).finally(() => waiting.delete(shown));
      waiting.add(shown);
    },
    relay(line) {
      const isTrouble =
        line.kind === 'raw' || line.kind === 'losses' || (line.kind === 'log' && line.level === 'error');
      if (verbose || isTrouble) display.print([[span(`  bot│ ${line.text}`, 'dim')]]);
    },
    stop() {
      stopping = true;
      display.status(status());
    },
    async flush() {
      await Promise.all(waiting);
    },
  };
}
