import type { Simulator } from '../index';

/** Faults that one can inject by typing, to watch the numbers move. */
export const FAULTS = ['reconnect', 'close', 'latency', '500', 'off'] as const;

const CALLBACK = /\/callback$/;
const DURATION = /^(\d+(?:\.\d+)?)(ms|s)$/;
const MAX_DELAY_MS = 60_000;

/**
 * Injects what was asked for: `latency 2s`. Gives a sentence that says what happens now.
 *
 * @throws Error with the faults that there are.
 */
export function injectFault(words: readonly string[], { faults }: Pick<Simulator, 'faults'>): string {
  const [kind, argument] = words;
  switch (FAULTS.find((fault) => fault === kind)) {
    case 'reconnect':
      faults.reconnect();
      return 'Discord asks the bot to reconnect: see discord_shard_connections_total{result="resumed"}.';
    case 'close':
      faults.closeGateway(4000);
      return 'The gateway closes with 4000: see discord_shard_closes_total.';
    case 'latency': {
      const delayMs = durationMs(argument);
      faults.clear();
      faults.rest({ delayMs });
      return `Each REST call takes ${delayMs} ms more: see discord_interaction_ack_seconds. "fault off" ends it.`;
    }
    case '500':
      faults.clear();
      faults.rest({ path: CALLBACK, status: 500 });
      return 'Discord answers every reply of the bot with 500: see discord_command_errors_total. "fault off" ends it.';
    case 'off':
      faults.clear();
      return 'Everything works again.';
    case undefined:
      throw new Error('There are: fault reconnect, fault close, fault latency 2s, fault 500, fault off.');
  }
}

function durationMs(text = ''): number {
  const [, number, unit] = DURATION.exec(text) ?? [];
  const milliseconds = Number(number) * (unit === 's' ? 1000 : 1);
  if (milliseconds <= MAX_DELAY_MS) return milliseconds;
  throw new Error('How long? Like this: fault latency 2s, or fault latency 500ms; 60s at most.');
}
