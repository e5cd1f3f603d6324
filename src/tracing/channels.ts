import { subscribe, unsubscribe } from 'node:diagnostics_channel';

type Message = Readonly<Record<string, unknown>>;

/**
 * Listens on Node's diagnostics channels. Whatever goes wrong in a listener is passed over: Node would end the process
 * for it.
 *
 * @returns how to stop listening.
 */
export function watchChannels(listeners: Readonly<Record<string, (message: Message) => void>>): () => void {
  const guarded = Object.entries(listeners).map(([channel, listener]) => {
    const onMessage = (message: unknown): void => {
      try {
        if (typeof message === 'object' && message !== null) listener({ ...message });
      } catch {
        // The request goes its way, unseen.
      }
    };
    return [channel, onMessage] as const;
  });
  for (const [channel, onMessage] of guarded) subscribe(channel, onMessage);
  return () => {
    for (const [channel, onMessage] of guarded) unsubscribe(channel, onMessage);
  };
}
