import type { LookupAddress } from 'node:dns';

/** What is sent over HTTP: plain data, which a thread can be handed too. */

export interface Message {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly tls: Tls;
  /** Where its host is, in place of a lookup; none where it cannot be found. */
  readonly addresses?: readonly LookupAddress[];
}

/** For https, as PEM; what is not there is as Node.js has it. */
export interface Tls {
  /** Whom to trust, in place of those whom Node.js knows. */
  readonly ca?: string;
  /** Who we are. */
  readonly cert?: string;
  readonly key?: string;
}
