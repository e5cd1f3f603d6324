import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Message, Tls } from '../post/message';
import { createPoster } from '../post/post';
import { loadEncoding, type Encoding, type EncodingOptions, type Rejected } from './otlp';
import { postRepeatedly } from './repeat';
import type { Span } from './span';

/** Sends spans: OTLP over HTTP. */

export interface ExporterOptions extends EncodingOptions {
  /** Where traces go, path and all. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** How long an export may take, with its repetitions. */
  readonly timeoutMs: number;
  readonly compression: 'none' | 'gzip';
  /** Files, as PEM; null as Node.js has it. */
  readonly tls: {
    readonly certificate: string | null;
    readonly clientCertificate: string | null;
    readonly clientKey: string | null;
  };
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface Exporter {
  /** Repeats what may succeed a second time, while its time lasts. Rejects where the other side did not take them. */
  send(this: void, spans: readonly Span[], signal: AbortSignal): Promise<Rejected | null>;
  /** What is to be posted for these, by somebody else; null while the packages are still loading. */
  message(this: void, spans: readonly Span[]): Message | null;
  /** Until the function it gives is called, the collector is not looked up where that can be helped. */
  ending(this: void): () => void;
  close(this: void): void;
}

interface Parts {
  readonly encoding: Encoding;
  readonly tls: Tls;
}

const compressed = promisify(gzip);

/** Opens an exporter: what it needs is loaded in the meantime, and whoever sends waits for that. */
export function openExporter(options: ExporterOptions): Exporter {
  const { url, timeoutMs, compression, now } = options;
  // By its own name, unless the operator says another: names of headers are the same in any case.
  const headers = { 'user-agent': `Telltale/${options.version}`, ...lowerCase(options.headers) };
  const poster = createPoster();
  let parts: Parts | null = null;
  const loading = load(options).then((loaded) => (parts = loaded));
  loading.catch(() => undefined); // Whoever sends is told.

  const messageOf = ({ encoding, tls }: Parts, spans: readonly Span[]): Message => {
    return {
      url,
      headers: { ...headers, 'content-type': encoding.contentType },
      body: encoding.request(spans),
      tls,
    };
  };

  return {
    async send(spans, signal) {
      const loaded = await loading;
      const plain = messageOf(loaded, spans);
      const message = compression === 'gzip' ? await zipped(plain) : plain;
      const post = (limit: AbortSignal) => poster.post(message, limit);
      const { body } = await postRepeatedly(post, { timeoutMs, signal, now, random: Math.random });
      return loaded.encoding.rejected(body);
    },
    message: (spans) => (parts === null ? null : poster.located(messageOf(parts, spans))),
    ending: poster.ending,
    close: poster.close,
  };
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, text]) => [name.toLowerCase(), text]));
}

async function load(options: ExporterOptions): Promise<Parts> {
  const { certificate, clientCertificate, clientKey } = options.tls;
  const read = (file: string | null) => (file === null ? null : readFile(file, 'utf8'));
  const [encoding, ca, cert, key] = await Promise.all([
    loadEncoding(options),
    read(certificate),
    read(clientCertificate),
    read(clientKey),
  ]);
  return {
    encoding,
    tls: {
      ...(ca === null ? {} : { ca }),
      ...(cert === null ? {} : { cert }),
      ...(key === null ? {} : { key }),
    },
  };
}

async function zipped(message: Message): Promise<Message> {
  const headers = { ...message.headers, 'content-encoding': 'gzip' };
  return { ...message, headers, body: await compressed(message.body) };
}
