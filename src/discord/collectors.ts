import { types } from 'node:util';
import { Events, InteractionCollector, type Client, type CollectedInteraction } from 'discord.js';
import type { InvocationContext } from '../logging/context';
import type { Invocation, TelemetryEvent } from '../telemetry/event';
import { within } from '../within';
import { replaceFunction } from './rest/replace';

/**
 * Sees what becomes of an interaction in the collectors of discord.js (`createMessageComponentCollector`,
 * `awaitMessageComponent`, `awaitModalSubmit`, …), without changing what they do.
 *
 * A collector adds a listener to the client, asks its filter, and emits `collect` or `ignore`. That listener is added
 * within the run that makes the collector, and so tells which run that is; the rest is seen on the class itself, as
 * nothing else of a collector can be reached from outside.
 */
export interface CollectorWatch {
  /**
   * To be called as an interaction arrives, within its event: before any collector can have taken it.
   *
   * @param take is called as a collector takes the interaction, with the run that made the collector (null: it was made
   * outside of any) and what tells the collector's listeners. It is to call that once, before it returns.
   */
  hear(interaction: object, take: Take): Hearing;
  close(): void;
}

export type Take = (maker: Invocation | null, tellListeners: () => void) => void;

export interface Hearing {
  /** Resolves once every collector has said whether it takes the interaction, with how many it was for; within 1.5 s. */
  readonly decided: Promise<Verdict>;
  /** Resolves once all listeners that were told have ended. Rejects with what the first of them threw. */
  ended(): Promise<void>;
}

export interface Verdict {
  /** Collectors that were asked, whatever they are for. */
  readonly asked: number;
  /** Whether the filter of one refused it. */
  readonly ignored: boolean;
}

/** A filter that takes longer than this leaves too little of Discord's 3 s to answer in. */
const DECISION_LIMIT_MS = 1500;

/** Collectors are told apart by nothing that matters here. */
type AnyCollector = InteractionCollector<CollectedInteraction>;

/** What is underway for one interaction. */
interface Underway {
  readonly take: Take;
  /** Each resolves with what the listener threw, null if it did not. */
  readonly endings: Promise<Thrown | null>[];
  /** What they threw at once. */
  readonly thrown: Set<unknown>;
  ignored: boolean;
  /** What a collector takes from now on is too late to be told from what is nobody's. */
  closed: boolean;
}
interface Thrown {
  readonly error: unknown;
}

/** Watches the collectors of one client. What their listeners reject with is handled by it, in `Hearing.ended`. */
export function watchCollectors(
  client: Client,
  context: InvocationContext,
  record: (event: TelemetryEvent) => void,
): CollectorWatch {
  const makers = new WeakMap<object, Invocation>();
  const underway = new WeakMap<object, Underway>();
  /** Of every collector that was asked, which may have been before we were. */
  const decisions = new WeakMap<object, Promise<unknown>[]>();
  const { prototype } = InteractionCollector;

  function noteMaker(event: string | symbol, listener: object): void {
    const maker = context.getStore();
    if (event !== Events.InteractionCreate || maker === undefined) return;
    makers.set(listener, maker);
    record({ type: 'collector_opened', command: maker.command });
  }

  function noteDecision(interaction: object, decision: Promise<unknown>): void {
    const known = decisions.get(interaction);
    if (known === undefined) decisions.set(interaction, [decision]);
    else known.push(decision);
  }

  function underwayFor(collector: AnyCollector, interaction: unknown): Underway | undefined {
    const one = collector.client === client && isObject(interaction) ? underway.get(interaction) : undefined;
    return one?.closed === false ? one : undefined;
  }

  async function decide(interaction: object, one: Underway): Promise<Verdict> {
    await Promise.resolve(); // By then the event has reached every listener.
    const asked = decisions.get(interaction) ?? [];
    if (asked.length > 0) await within(Promise.allSettled(asked), DECISION_LIMIT_MS, false);
    one.closed = true;
    return { asked: asked.length, ignored: one.ignored };
  }

  function emitCollect(
    collector: AnyCollector,
    args: unknown[],
    { take, endings, thrown }: Underway,
  ): boolean {
    let told: Thrown | null | undefined;
    const tell = (): void => {
      if (told === undefined) told = tellListeners(collector, args, endings);
    };
    // eslint-disable-next-line @typescript-eslint/unbound-method -- each collector has bound its own
    const maker = makers.get(collector.handleCollect) ?? null;
    try {
      take(maker, tell);
    } finally {
      tell(); // Whatever went wrong with us, the listeners are told.
    }
    if (told == null) return true;
    thrown.add(told.error);
    throw told.error;
  }

  const restoreHandleCollect = replaceFunction(
    prototype,
    'handleCollect',
    (original) =>
      function (this: AnyCollector, ...args) {
        const done = original.apply(this, args);
        const [interaction] = args;
        if (this.client !== client || !isObject(interaction)) return done;
        noteDecision(interaction, done);
        // What a listener threw is its run's, which tells of it: the client's `error` would, in nobody's name, once more.
        return done.catch((error: unknown) => {
          if (underway.get(interaction)?.thrown.has(error) !== true) throw error;
        });
      },
  );
  const restoreEmit = replaceFunction(
    prototype,
    'emit',
    (original) =>
      function (this: AnyCollector, event: string | symbol, ...args: unknown[]): boolean {
        const one = event === 'collect' || event === 'ignore' ? underwayFor(this, args[0]) : undefined;
        if (one === undefined) return original.call(this, event, ...args);
        if (event === 'collect') return emitCollect(this, args, one);
        one.ignored = true;
        return original.call(this, event, ...args);
      },
  );
  client.on('newListener', noteMaker);

  return {
    hear(interaction, take) {
      const one: Underway = { take, endings: [], thrown: new Set(), ignored: false, closed: false };
      underway.set(interaction, one);
      const decided = decide(interaction, one);
      return { decided, ended: () => decided.then(() => endOf(one)) };
    },
    close() {
      client.off('newListener', noteMaker);
      restoreHandleCollect();
      restoreEmit();
    },
  };
}

/** As Node's `emit` does it: in order, and one that throws ends it. */
function tellListeners(
  collector: AnyCollector,
  args: unknown[],
  endings: Underway['endings'],
): Thrown | null {
  try {
    for (const listener of collector.rawListeners('collect')) {
      const result: unknown = Reflect.apply(listener, collector, args);
      // Of the language's own alone: to ask another `then` may be to start its work a second time.
      if (types.isPromise(result)) endings.push(result.then(nothing, thrownOf));
    }
    return null;
  } catch (error) {
    endings.push(Promise.resolve({ error }));
    return { error };
  }
}

const nothing = (): null => null;
const thrownOf = (error: unknown): Thrown => ({ error });

async function endOf({ endings }: Underway): Promise<void> {
  const ends = await Promise.all(endings);
  const thrown = ends.find((end) => end !== null);
  if (thrown != null) throw thrown.error;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
