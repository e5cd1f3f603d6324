import { redactStart, shorten } from '../logging/cut';
import type { Answer } from './post';

/** Why a message was not taken: told for people, in words that go on after "it does not get there:". */

/** There is an answer, and it is no 2xx. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly status: number;
  /** The answer's, as it came. */
  readonly body: Uint8Array;

  constructor({ status, body }: Pick<Answer, 'status' | 'body'>) {
    super(`it answered ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** As much as is told of what the other side says. */
const SAID_LENGTH = 200;
/** As much of it as is looked at, in bytes. */
const READ_LENGTH = 10_000;
/** Others, such as a certificate that nobody trusts, do not pass by themselves. */
const OF_THE_NETWORK =
  /^(?:ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|ENETUNREACH|EHOSTUNREACH)$/;

/** Whether the network was in the way, which may pass. */
export const isOfNetwork = (error: unknown): boolean => OF_THE_NETWORK.test(codeOf(error));

/** Whether something answered that does not speak HTTP. */
export const isNoHttp = (error: unknown): boolean => codeOf(error).startsWith('HPE_');

/** The cause on one line, short and redacted: `it answered 401, "no such key"`, `it could not be reached (ECONNREFUSED)`. */
export function inWords(error: unknown, redact: (text: string) => string): string {
  if (error instanceof RefusedError) {
    const said = shortened(textOf(error.body), redact, error.body.byteLength > READ_LENGTH);
    return said === '' ? error.message : `${error.message}, "${said}"`;
  }
  const code = codeOf(error);
  if (isOfNetwork(error)) return `it could not be reached (${code})`;
  if (isNoHttp(error)) return `what it answers is no HTTP (${code})`;
  const message = shortened(error instanceof Error ? error.message : String(error), redact);
  return code === '' || message.includes(code) ? message : `${message} (${code})`;
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** Empty for what is no text, such as protobuf, and for text without a word, such as `{}`. */
function textOf(body: Uint8Array): string {
  try {
    // With `stream`, a character that is cut at the end is left out.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body.subarray(0, READ_LENGTH), {
      stream: true,
    });
    const isText = /[\p{L}\p{N}]/u.test(text) && !/[^\P{Cc}\t\n\r]/u.test(text);
    return isText ? text : '';
  } catch {
    return '';
  }
}

function shortened(text: string, redact: (text: string) => string, isCut?: boolean): string {
  return shorten(
    redactStart(text, redact, isCut)
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .trim(),
    SAID_LENGTH,
  );
}
