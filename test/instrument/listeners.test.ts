import { EventEmitter } from 'node:events';
import { watchListeners } from '../../src/discord/instrument/listeners';

/** A script is done to an emitter that is watched and to one that is not: nobody could tell which is which. */

type Script = (emitter: EventEmitter, trace: (...what: unknown[]) => void) => void;

const SCRIPTS: readonly (readonly [name: string, script: Script])[] = [
  [
    'the order of listeners that were added in every way',
    (emitter, trace) => {
      emitter.on('x', () => trace('on'));
      emitter.once('x', () => trace('once'));
      emitter.prependListener('x', () => trace('prepended'));
      emitter.prependOnceListener('x', () => trace('prepended once'));
      emitter.addListener('x', () => trace('added'));
      trace(emitter.emit('x'), emitter.emit('x'), emitter.listenerCount('x'));
    },
  ],
  [
    'what listeners are called with',
    (emitter, trace) => {
      emitter.on('x', function (this: unknown, ...args: unknown[]) {
        trace(this === emitter, args);
      });
      emitter.once('x', function (this: unknown, ...args: unknown[]) {
        trace(this === emitter, args);
      });
      emitter.emit('x', 1, undefined);
      emitter.emit('x');
    },
  ],
  [
    'a throw, which keeps the event from the listeners after it',
    (emitter, trace) => {
      emitter.on('x', () => trace('before'));
      emitter.once('x', () => {
        throw new Error('thrown');
      });
      emitter.on('x', () => trace('after'));
      try {
        emitter.emit('x');
      } catch (error) {
        trace((error as Error).message);
      }
      emitter.emit('x');
    },
  ],
  [
    'removing, by the function that was added',
    (emitter, trace) => {
      const listener = (): void => trace('called');
      emitter.on('x', listener).once('x', listener).on('x', listener);
      trace(
        emitter.listenerCount('x', listener),
        emitter.listeners('x').map((one) => one === listener),
      );
      emitter.off('x', listener);
      emitter.emit('x');
      emitter.removeListener('x', listener);
      trace(emitter.emit('x'), emitter.listenerCount('x'));
      emitter.once('x', listener).removeAllListeners('x');
      trace(emitter.emit('x'), emitter.eventNames());
    },
  ],
  [
    'removing from within a listener',
    (emitter, trace) => {
      const second = (): void => trace('second');
      emitter.on('x', () => emitter.off('x', second));
      emitter.on('x', second);
      emitter.emit('x');
      emitter.emit('x');
    },
  ],
  [
    'listeners that are told of listeners',
    (emitter, trace) => {
      const listener = (): void => trace('called');
      emitter.on('newListener', (type, added) => trace('new', type, added === listener));
      emitter.on('removeListener', (type, removed) => trace('removed', type, removed === listener));
      emitter.on('x', listener).off('x', listener);
      emitter.once('x', listener).off('x', listener);
      const other = (): void => trace('called too');
      emitter.on('removeListener', (_type, removed) => trace(removed === listener, removed === other));
      emitter.on('x', listener).on('x', other).on('x', listener).once('x', other).removeAllListeners('x');
      emitter.on('x', listener).removeAllListeners();
    },
  ],
  [
    'raw listeners',
    (emitter, trace) => {
      const listener = (): void => trace('called');
      emitter.on('x', listener).once('x', listener);
      trace(emitter.rawListeners('x').map((raw) => [raw === listener, raw.name, 'listener' in raw]));
      for (const raw of emitter.rawListeners('x')) Reflect.apply(raw, emitter, []);
      trace(emitter.listenerCount('x'));
    },
  ],
  [
    'what is no function',
    (emitter, trace) => {
      try {
        emitter.on('x', 'nothing' as unknown as () => void);
      } catch (error) {
        trace((error as Error).name);
      }
    },
  ],
];

const traceOf = (emitter: EventEmitter, script: Script): unknown[] => {
  const trace: unknown[] = [];
  script(emitter, (...what) => void trace.push(what));
  return trace;
};
const unwatched = (): EventEmitter => new EventEmitter({ captureRejections: true });
const watched = (): EventEmitter => {
  const emitter = unwatched();
  watchListeners(emitter, 'x', () => undefined);
  return emitter;
};

it.each(SCRIPTS)('a bot cannot tell by %s that it is measured', (_name, script) => {
  expect(traceOf(watched(), script)).toEqual(traceOf(unwatched(), script));
});

it('listeners that were there before keep their place, and what they return is seen', () => {
  const emitter = unwatched();
  const calls: string[] = [];
  const seen: unknown[] = [];
  emitter.on('x', () => calls.push('first'));
  emitter.once('x', () => calls.push('once'));
  emitter.on('y', () => undefined);
  watchListeners(emitter, 'x', (_args, result) => void seen.push(result));
  emitter.on('x', () => calls.push('last'));
  emitter.emit('x');
  emitter.emit('x');
  expect(calls).toEqual(['first', 'once', 'last', 'first', 'last']);
  expect(seen).toEqual([1, 2, 3, 4, 5]);
  expect(emitter.eventNames()).toEqual(['x', 'y']);
});

it('a rejection stays the emitter’s, which makes it an error event', async () => {
  const emitter = watched();
  const failed = new Promise((resolve) => emitter.once('error', resolve));
  const listener = (): unknown => Promise.reject(new Error('rejected'));
  emitter.on('x', listener);
  emitter.emit('x');
  await expect(failed).resolves.toThrow('rejected');
});

it('closing gives the emitter its own functions and listeners back', () => {
  const emitter = unwatched();
  const listener = (): void => undefined;
  emitter.on('x', listener);
  const close = watchListeners(emitter, 'x', () => undefined);
  emitter.on('x', listener);
  close();
  expect(emitter.rawListeners('x')).toEqual([listener, listener]);
  expect(Object.keys(Object.getOwnPropertyDescriptors(emitter))).toEqual(
    Object.keys(Object.getOwnPropertyDescriptors(unwatched().on('x', listener))),
  );
});
