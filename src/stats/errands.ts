import { StoreUnavailableError } from './stats';
import type { Answer } from './threads/protocol';

/** Requests to the writing thread that are answered with a count. */
export interface Errands<Message> {
  /** Rejects with a StoreUnavailableError; after `limitMs` too, where it is given: it may still be done then. */
  run(message: (id: number) => Message, limitMs?: number): Promise<number>;
  settle(answer: Answer<number>): void;
  failAll(detail: string): void;
}

const LATE = 'The database did not get round to it.';

export function createErrands<Message>(post: (message: Message) => void): Errands<Message> {
  const open = new Map<number, { resolve: (count: number) => void; reject: (error: Error) => void }>();
  let nextId = 1;

  function run(message: (id: number) => Message, limitMs?: number): Promise<number> {
    const id = nextId++;
    const done = new Promise<number>((resolve, reject) => {
      open.set(id, { resolve, reject });
    });
    const timer = limitMs === undefined ? undefined : setTimeout(() => fail(id, LATE), limitMs);
    post(message(id));
    return done.finally(() => clearTimeout(timer));
  }

  function fail(id: number, detail: string): void {
    open.get(id)?.reject(new StoreUnavailableError(detail));
    open.delete(id);
  }

  return {
    run,
    settle(answer) {
      if (answer.type === 'failed') {
        fail(answer.id, answer.detail);
        return;
      }
      open.get(answer.id)?.resolve(answer.result);
      open.delete(answer.id);
    },
    failAll(detail) {
      for (const id of [...open.keys()]) fail(id, detail);
    },
  };
}
