import { StoreUnavailableError, type Stats } from '../stats/stats';

/** As many are answered at once, and as many wait; what comes beyond is refused. */
const AT_ONCE = 4;
const WAITING = 60;

/** The statistics for whoever asks over HTTP: however many do, people in Discord are answered in between. */
export function limitQuestions(stats: Stats): Stats {
  const waiting: (() => void)[] = [];
  let asked = 0;

  async function limited<Result>(ask: () => Promise<Result>): Promise<Result> {
    if (asked >= AT_ONCE) {
      if (waiting.length >= WAITING)
        throw new StoreUnavailableError('Too many questions at once: ask again later.');
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else asked += 1;
    try {
      return await ask();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else asked -= 1;
    }
  }

  return {
    summary: (query) => limited(() => stats.summary(query)),
    timeline: (query) => limited(() => stats.timeline(query)),
    invocations: (query) => limited(() => stats.invocations(query)),
    errors: (query) => limited(() => stats.errors(query)),
    changes: (query) => limited(() => stats.changes(query)),
    commandNames: stats.commandNames,
  };
}
