import { EventEmitter } from 'node:events';
import { replaceFunction } from '../rest/replace';

type Listener = (this: unknown, ...args: unknown[]) => unknown;
/** A listener that stands in for another, in the way in which Node.js marks its own for `once`. */
type Substitute = Listener & { readonly listener: Listener };
type Add = (this: EventEmitter, type: string | symbol, listener: Listener) => EventEmitter;

/** What Node.js itself puts in the place of a listener for `once`: its versions differ. */
function nodesOnceWrapper(): Listener {
  const emitter = new EventEmitter();
  emitter.once('any', () => undefined);
  const [wrapper] = emitter.rawListeners('any');
  return wrapper as Listener;
}

/**
 * Sees what the listeners of one event return, those that are there and those to come. Their order and number, what
 * they are called with, return and throw, `listeners()` and every way to remove them stay what they were.
 *
 * @param returned is told at once; it must not throw.
 * @returns what gives the emitter its own listeners and functions back.
 */
export function watchListeners(
  emitter: EventEmitter,
  event: string,
  returned: (args: readonly unknown[], result: unknown) => void,
): () => void {
  const always = new WeakSet<Listener>();
  const onceWrapper = nodesOnceWrapper();

  function watched(listener: Listener): Substitute {
    function watchedListener(this: unknown, ...args: unknown[]): unknown {
      const result = Reflect.apply(listener, this, args);
      returned(args, result);
      return result;
    }
    always.add(watchedListener);
    return Object.assign(watchedListener, { listener });
  }

  function watchedOnce(listener: Listener): Substitute {
    let isFired = false;
    function watchedListener(...args: unknown[]): unknown {
      if (isFired) return undefined;
      emitter.removeListener(event, watchedListener);
      isFired = true;
      const result = Reflect.apply(listener, emitter, args);
      returned(args, result);
      return result;
    }
    return Object.defineProperty(Object.assign(watchedListener, { listener }), 'name', {
      value: onceWrapper.name,
    });
  }

  const adds = (add: Add, substitute: (listener: Listener) => Substitute, otherwise: Add): Add =>
    function (type, listener) {
      const isWatched = type === event && typeof listener === 'function';
      return isWatched ? add.call(this, type, substitute(listener)) : otherwise.call(this, type, listener);
    };
  // Read before any is replaced: Node's `once` calls `on`.
  const { on, prependListener } = emitter as unknown as Readonly<Record<'on' | 'prependListener', Add>>;
  const owner = emitter as unknown as Readonly<
    Record<'on' | 'addListener' | 'once' | 'prependListener' | 'prependOnceListener', Add>
  >;
  const giveBack = [
    replaceFunction(owner, 'on', (own) => adds(own, watched, own)),
    replaceFunction(owner, 'addListener', (own) => adds(own, watched, own)),
    replaceFunction(owner, 'prependListener', (own) => adds(own, watched, own)),
    replaceFunction(owner, 'once', (own) => adds(on, watchedOnce, own)),
    replaceFunction(owner, 'prependOnceListener', (own) => adds(prependListener, watchedOnce, own)),
    // `removeAllListeners` takes away what stands there, and those who watch for that would be told of ours.
    replaceFunction(emitter, 'removeListener', (own) => {
      return function (this: EventEmitter, type: string | symbol, listener: Listener) {
        return own.call(this, type, always.has(listener) ? (listener as Substitute).listener : listener);
      };
    }),
    replaceFunction(emitter, 'rawListeners', (own) => {
      return (type: string | symbol) =>
        own
          .call(emitter, type)
          .map((raw) => (always.has(raw as Listener) ? (raw as Substitute).listener : raw));
    }),
  ];

  replaceListeners(emitter, event, (raw) =>
    isLike(onceWrapper, raw) ? watchedOnce(raw.listener) : watched(raw),
  );
  return () => {
    for (const restore of giveBack) restore();
    // Those for one time stay: they are as good as Node's.
    replaceListeners(emitter, event, (raw) => (always.has(raw) ? (raw as Substitute).listener : raw));
  };
}

/**
 * Puts others in the place of the listeners that there are, where they stand. Removing and adding them would be seen:
 * in `newListener`, `removeListener` and `eventNames()`. Node.js has kept them there since its beginnings.
 */
function replaceListeners(
  emitter: EventEmitter,
  event: string,
  substitute: (raw: Listener) => Listener,
): void {
  const events = Reflect.get(emitter, '_events') as
    Record<string, Listener | Listener[] | undefined> | undefined;
  const listeners = events?.[event];
  if (events === undefined || listeners === undefined) return;
  if (typeof listeners === 'function') events[event] = substitute(listeners);
  else for (const [index, raw] of listeners.entries()) listeners[index] = substitute(raw);
}

/** Others mark what they wrap in the same way; only those of Node.js, and ours, go with the first call. */
function isLike(onceWrapper: Listener, raw: Listener): raw is Substitute {
  const isSame = raw.name === onceWrapper.name && String(raw) === String(onceWrapper);
  return isSame && 'listener' in raw && typeof raw.listener === 'function';
}
