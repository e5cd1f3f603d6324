import { AsyncResource } from 'node:async_hooks';
import {
  CHANGE_MINUTES,
  changeOf,
  covers,
  levelsOf,
  withChange,
  type LevelChange,
  type LevelRequest,
} from './level-changes';
import { setGate, SEVERITY, type LevelGate, type LogDestination, type LogLevels } from './levels';
import type { LogFields } from './logger';

/** The levels, to look at and to change for a time. Each change and its end are logged as warnings. */
export interface LevelControl {
  /** What holds where no change runs. */
  readonly settings: LogLevels;
  /** What a change can be of, in alphabetical order: loggers, and groups of them, such as `command` for `command.…`. */
  loggers(this: void): readonly string[];
  /** Those that run, oldest first. */
  changes(this: void): readonly LevelChange[];
  /** Changes a level at once, until the time for it is over. Null, and nothing done: no such name, level or destination. */
  change(this: void, request: LevelRequest): LevelChange | null;
  /** Ends those changes that this holds for, all of them without it, and gives them. */
  reset(this: void, by: string, which?: (change: LevelChange) => boolean): readonly LevelChange[];
}

/** Calls later, and does not keep the process running for it. Gives how to call it off. */
export type Later = (milliseconds: number, call: () => void) => () => void;

/** A `Later` by the timers of the system. */
export function unheldTimer(milliseconds: number, call: () => void): () => void {
  const timer = setTimeout(call, milliseconds).unref();
  return () => clearTimeout(timer);
}

export interface LevelsOptions {
  readonly settings: LogLevels;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly later: Later;
  /** Told before a level changes. */
  readonly beforeChange: () => void;
  /** Logs a warning. */
  readonly warn: (message: string, fields: LogFields) => void;
}

const LONGEST_MS = CHANGE_MINUTES.most * 60_000;
const ALL = (): boolean => true;

/** The levels of all loggers, and the changes of them that run. */
export class Levels {
  readonly control: LevelControl;
  private readonly gates = new Map<string, LevelGate>();
  /**
   * In nobody's name: a timer remembers who set it, and what a user has typed, such as the name of a logger, is blanked
   * out in the lines of their invocation.
   */
  private readonly warn: LevelsOptions['warn'];
  private running: readonly LevelChange[] = [];
  private callOff: () => void = () => undefined;

  constructor(private readonly options: LevelsOptions) {
    this.warn = AsyncResource.bind(options.warn);
    this.control = {
      settings: Object.freeze({ ...options.settings }),
      loggers: () => [...new Set([...this.gates.keys()].flatMap((name) => [groupOf(name), name]))].sort(),
      changes: () => [...this.running],
      change: (request) => this.change(request),
      reset: (by, which = ALL) => this.end(by, which),
    };
  }

  /** The gate of the logger of this name, always the same one, which follows every change. */
  gate(logger: string): LevelGate {
    const known = this.gates.get(logger);
    if (known !== undefined) return known;
    const gate = { console: 0, file: 0, any: 0 };
    setGate(gate, levelsOf(logger, this.running, this.options.settings));
    this.gates.set(logger, gate);
    return gate;
  }

  /** From now on no change ends by itself. */
  close(): void {
    this.callOff();
  }

  private change(request: LevelRequest): LevelChange | null {
    const isKnown = [...this.gates.keys()].some((name) => covers(request.logger, name));
    if ((request.logger !== null && !isKnown) || !this.isPossible(request)) return null;
    const change = changeOf(request, this.options.now());
    const endsAt = new Date(change.endsAt).toISOString();
    const say = (): void =>
      this.warn(`The log level of ${targetOf(change)} is ${change.level} until ${endsAt}.`, {
        event: 'log_level_changed',
        ...fieldsOf(change),
        ends_at: endsAt,
      });
    // A warning cannot be seen at the level of errors: it is said on that side of the change on which it can.
    if (change.level === 'error') say();
    this.hold(withChange(this.running, change));
    if (change.level !== 'error') say();
    return change;
  }

  /** Commands ask for changes, and may be plain JavaScript: a level that is none would silence everything. */
  private isPossible({ level, destinations }: LevelRequest): boolean {
    const isKnown = (one: LogDestination): boolean => Object.hasOwn(this.options.settings, one);
    const areKnown = Array.isArray(destinations) && destinations.length > 0 && destinations.every(isKnown);
    return areKnown && Object.hasOwn(SEVERITY, level);
  }

  /** @param by is null where they end by themselves. */
  private end(by: string | null, which: (change: LevelChange) => boolean): readonly LevelChange[] {
    const ended = this.running.filter(which);
    const left = this.running.filter((one) => !ended.includes(one));
    for (const change of ended) {
      const levels = levelsOf(change.logger, left, this.options.settings);
      const say = (): void =>
        this.warn(`The log level of ${restored(change, levels)}.`, {
          event: 'log_level_restored',
          ...fieldsOf(change),
          ended_by: by,
        });
      if (change.level !== 'error') say();
      this.hold(this.running.filter((one) => one !== change));
      if (change.level === 'error') say();
    }
    return ended;
  }

  private hold(changes: readonly LevelChange[]): void {
    const { settings, now, later, beforeChange } = this.options;
    beforeChange();
    this.running = changes;
    for (const [logger, gate] of this.gates) setGate(gate, levelsOf(logger, changes, settings));
    this.callOff();
    this.callOff = () => undefined;
    if (changes.length === 0) return;
    const firstEnd = Math.min(...changes.map(({ endsAt }) => endsAt));
    // The clock may be set back meanwhile: none runs for much longer than it may, for all that.
    const left = Math.min(Math.max(0, firstEnd - now()), LONGEST_MS);
    this.callOff = later(left, () => this.end(null, ({ endsAt }) => endsAt <= firstEnd));
  }
}

/** What the destinations are called in a line, as everywhere that people read of them. */
const PLACES: Readonly<Record<LogDestination, string>> = { console: 'console', file: 'files' };

function targetOf({ logger, destinations }: LevelChange): string {
  const places = destinations.map((one) => PLACES[one]).join(' and ');
  return `${logger ?? 'all loggers'} (${places})`;
}

function fieldsOf({ logger, destinations, level, by }: LevelChange): LogFields {
  const places = destinations.map((one) => PLACES[one]);
  return { changed_logger: logger ?? 'all', changed_level: level, destinations: places, changed_by: by };
}

/** What holds once a change is over, where it did. */
function restored(change: LevelChange, levels: LogLevels): string {
  const { logger, destinations } = change;
  const [level, ...others] = new Set(destinations.map((one) => levels[one]));
  if (others.length === 0) return `${targetOf(change)} is back to ${level}`;
  const each = destinations.map((one) => `${levels[one]} (${PLACES[one]})`).join(' and ');
  return `${logger ?? 'all loggers'} is back to ${each}`;
}

/** The first part of the name; the whole where it has but one. */
function groupOf(logger: string): string {
  return logger.split('.', 1)[0] ?? logger;
}
