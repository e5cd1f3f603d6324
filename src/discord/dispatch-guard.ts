import { WebSocketShardEvents, type WebSocketManager } from '@discordjs/ws';
import { replaceFunction } from './rest/replace';

/**
 * Keeps what goes wrong with one dispatch from ending the process: discord.js reads a payload as the documentation has
 * it, and throws into the connection where it is not so; a listener that throws ends up there, too.
 *
 * @param onFault is called with what was thrown and the gateway's name of the event.
 */
export function guardDispatches(
  manager: WebSocketManager,
  onFault: (error: unknown, event: string) => void,
): void {
  const emitter: { emit: Emit } = manager;
  replaceFunction(
    emitter,
    'emit',
    (emit) =>
      function (this: unknown, event, ...args) {
        if (event !== DISPATCH) return Reflect.apply(emit, this, [event, ...args]);
        try {
          return Reflect.apply(emit, this, [event, ...args]);
        } catch (error) {
          onFault(error, nameOf(args[0]));
          return true;
        }
      },
  );
}

const DISPATCH: string = WebSocketShardEvents.Dispatch;

type Emit = (event: string, ...args: never[]) => boolean;

function nameOf(dispatch: unknown): string {
  const data = fieldOf(dispatch, 'data');
  return String(fieldOf(data, 't'));
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
