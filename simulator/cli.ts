import { parseArgs } from 'node:util';
import { startSimulator } from './simulator';
import type { Simulator, SimulatorOptions } from './types';

const HELP = `A Discord on loopback, to run a bot against.

  --port <n>        port to listen on (default 0: a free one)
  --host <address>  address to listen on (default 127.0.0.1)
  --token <text>    the bot token to accept
  --shards <n>      shards to recommend (default 1)
  --guilds <names>  servers, separated by commas (default Harbour)
  --owner <name>    owner of the application (default owner)
  --rate-limits     enforce Discord's rate limits
  --latency <ms>    hold every REST answer back
  --help            this text
`;

const OPTIONS = {
  port: { type: 'string' },
  host: { type: 'string' },
  token: { type: 'string' },
  shards: { type: 'string' },
  guilds: { type: 'string' },
  owner: { type: 'string' },
  'rate-limits': { type: 'boolean' },
  latency: { type: 'string' },
  help: { type: 'boolean' },
} as const;

function readOptions(values: Readonly<Record<string, string | boolean | undefined>>): SimulatorOptions {
  const text = (key: string): string | undefined =>
    typeof values[key] === 'string' ? values[key] : undefined;
  const whole = (key: string, fallback: number): number => {
    const value = Number(text(key) ?? fallback);
    if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${key} must be a whole number.`);
    return value;
  };
  const token = text('token');
  const host = text('host');
  const owner = text('owner');
  const guilds = text('guilds')
    ?.split(',')
    .map((name) => ({ name: name.trim() }));
  return {
    port: whole('port', 0),
    shards: whole('shards', 1),
    restLatencyMs: whole('latency', 0),
    rateLimits: values['rate-limits'] === true,
    ...(token === undefined ? {} : { token }),
    ...(host === undefined ? {} : { host }),
    ...(owner === undefined ? {} : { owner }),
    ...(guilds === undefined ? {} : { guilds }),
  };
}

/**
 * Starts the simulator that the arguments ask for, and writes how to connect a bot to it; null if they ask
 * for help alone. Rejected with a message for the user if the arguments are wrong or the port is taken.
 */
export async function startFromArguments(
  args: readonly string[],
  write: (text: string) => void,
): Promise<Simulator | null> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  if (values.help === true) {
    write(HELP);
    return null;
  }
  const discord = await startSimulator(readOptions(values));
  write(`DISCORD_API_URL=${discord.apiUrl}\nDISCORD_TOKEN=${discord.token}\n`);
  return discord;
}
