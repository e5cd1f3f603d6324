import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A Sentry on loopback: takes envelopes and decodes them. */

export interface Thrown {
  readonly type: string;
  readonly value: string;
  readonly mechanism: { readonly handled: boolean };
  readonly stacktrace?: { readonly frames: readonly { readonly function?: string }[] };
}

export interface ReceivedEvent {
  readonly event_id: string;
  readonly level: string;
  readonly release: string;
  readonly environment: string;
  readonly fingerprint: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly user?: Readonly<Record<string, string>>;
  readonly contexts?: { readonly trace?: Readonly<Record<string, string>> };
  readonly exception: { readonly values: readonly Thrown[] };
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Receiver {
  readonly dsn: string;
  /** Every event that arrived. */
  readonly events: ReceivedEvent[];
  /** All that arrived, byte for byte, with its address and headers. */
  readonly text: () => string;
  /** How many requests came, answered or not. */
  readonly requests: () => number;
  close(): Promise<void>;
}

export const KEY = 'pub1ickey';

/** @param answer null lets the request hang. */
export async function startReceiver(
  answer: () => Answer | null = () => ({ status: 200 }),
): Promise<Receiver> {
  const events: ReceivedEvent[] = [];
  const texts: string[] = [];
  let requests = 0;

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requests += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    texts.push(`${request.method} ${request.url}\n${JSON.stringify(request.headers)}\n${body}`);
    const given = answer();
    if (given === null) return;
    if (given.status === 200) events.push(...eventsIn(body));
    response.writeHead(given.status, given.headers).end('{}');
  }

  const server = createServer((request, response) => {
    take(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    dsn: `http://${KEY}@127.0.0.1:${port}/1`,
    events,
    text: () => texts.join('\n'),
    requests: () => requests,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** An envelope is lines of JSON: a header, then each item's header and the item. */
function eventsIn(envelope: string): ReceivedEvent[] {
  const [, ...lines] = envelope.split('\n').filter((line) => line !== '');
  return lines.flatMap((line, index) => {
    const header = index % 2 === 0 ? (JSON.parse(line) as { readonly type: string }) : null;
    return header?.type === 'event' ? [JSON.parse(lines[index + 1] ?? '') as ReceivedEvent] : [];
  });
}
