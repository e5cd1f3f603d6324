import type { Client, Interaction } from 'discord.js';
import { watchHandlers } from '../../src/discord/instrument/handlers';

const interaction = { commandName: 'ping' } as unknown as Interaction;

function watching(handler: object, client: object = {}) {
  Object.assign(client, { commands: new Map([['ping', handler]]) });
  const told: unknown[] = [];
  const handlers = watchHandlers(client as unknown as Client, {
    returned(result) {
      told.push(result);
      return result;
    },
    threw: (error) => void told.push(error),
  });
  return { handlers, told };
}

it('what a command gives and throws is seen, and reaches whoever called it', () => {
  const fault = new Error('no database');
  const command = {
    name: 'ping',
    execute(this: unknown, text: string): unknown {
      if (text === 'throw') throw fault;
      return [this === command, text];
    },
  };
  const { handlers, told } = watching(command);
  expect(handlers.find(interaction)).toBe(true);
  expect(handlers.find(interaction)).toBe(true);
  expect(command.execute('give')).toEqual([true, 'give']);
  expect(() => command.execute('throw')).toThrow(fault);
  expect(told).toEqual([[true, 'give'], fault]);
});

it('closing gives a command its own function back', () => {
  class Command {
    run(): void {
      // Nothing to do.
    }
  }
  const command = new Command();
  const { handlers } = watching(command);
  handlers.find(interaction);
  expect(Object.hasOwn(command, 'run')).toBe(true);
  handlers.close();
  expect(Object.hasOwn(command, 'run')).toBe(false);
});

it('a command that cannot be changed stays as it is, and is known all the same', () => {
  const execute = (): void => undefined;
  const command = Object.freeze({ execute });
  const { handlers } = watching(command);
  expect(handlers.find(interaction)).toBe(true);
  expect(command.execute).toBe(execute);
});

it('what is no handler is left alone', () => {
  expect(watching(new Map()).handlers.find(interaction)).toBe(false);
});

it('properties of a client that are functions behind are not called, and cost nobody the rest', () => {
  const calls: string[] = [];
  const client = Object.defineProperty({}, 'lazy', {
    enumerable: true,
    get() {
      calls.push('lazy');
      throw new Error('too early');
    },
  });
  class Watchful extends Map<unknown, unknown> {
    override get(key: unknown): unknown {
      calls.push('get');
      return super.get(key);
    }
  }
  const { handlers } = watching(
    { execute: () => undefined },
    Object.assign(client, { cache: new Watchful() }),
  );
  expect(handlers.find(interaction)).toBe(true);
  expect(handlers.has('ping')).toBe(true);
  expect(handlers.has('pong')).toBe(false);
  handlers.close();
  expect(calls).toEqual([]);
});
