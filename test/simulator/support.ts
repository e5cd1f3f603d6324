import { Client, GatewayIntentBits, type ClientOptions, type Interaction } from 'discord.js';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator';

export interface Connected {
  readonly discord: Simulator;
  readonly client: Client<true>;
}

/** Starts simulators and clients, and ends all of them with `close`. */
export function createHarbour() {
  const closers: (() => Promise<unknown>)[] = [];

  const start = async (options: SimulatorOptions = {}): Promise<Simulator> => {
    const discord = await startSimulator(options);
    closers.push(() => discord.close());
    return discord;
  };

  const createClient = (discord: Simulator, options: Partial<ClientOptions> = {}): Client => {
    const client = new Client({
      intents: [GatewayIntentBits.Guilds],
      // Identifying anew may not be held back for the 5 s that Discord asks for.
      ws: { buildIdentifyThrottler: () => Promise.resolve({ waitForIdentify: () => Promise.resolve() }) },
      ...options,
      rest: { api: discord.apiUrl, ...options.rest },
    });
    closers.unshift(() => client.destroy());
    return client;
  };

  const connect = async (
    options: SimulatorOptions = {},
    clientOptions: Partial<ClientOptions> = {},
  ): Promise<Connected> => {
    const discord = await start(options);
    const client = createClient(discord, clientOptions);
    const ready = new Promise<Client<true>>((resolve) => client.once('clientReady', resolve));
    await client.login(discord.token);
    return { discord, client: await ready };
  };

  const close = async (): Promise<void> => {
    for (const end of closers.splice(0)) await end();
  };

  return { start, createClient, connect, close };
}

/** Lets the client answer every interaction with this; what it throws is gathered and given back. */
export function answerWith(client: Client, answer: (interaction: Interaction) => unknown): unknown[] {
  const errors: unknown[] = [];
  client.removeAllListeners('interactionCreate');
  client.on('interactionCreate', (interaction) => {
    void (async () => {
      try {
        await answer(interaction);
      } catch (error) {
        errors.push(error);
      }
    })();
  });
  return errors;
}

/** As much of an answer as the tests read. */
export interface Answered {
  readonly code?: number;
  readonly errors?: unknown;
  readonly [key: string]: unknown;
}

/** A request as a bot without a library would make it. */
export async function call(
  discord: Simulator,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; body: Answered }> {
  const response = await fetch(`${discord.apiUrl}/v10${path}`, {
    method,
    headers: { authorization: `Bot ${discord.token}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}
