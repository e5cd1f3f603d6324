import { readProperty } from '../logging/plain';
import type { HttpOperation, Invocation } from '../telemetry/event';
import { addOperation } from '../telemetry/operations';

/** A command's own requests: what is noted of them, and what the other side is told. */

export interface OutgoingOptions {
  /** In whose name the code runs that is running; undefined in nobody's. */
  readonly running: () => Invocation | undefined;
  /** Whether a host name, with its port where there is one, is Discord's: nothing is told there, and nothing noted. */
  readonly isDiscord: (host: string) => boolean;
  /** Whether the ratio keeps a trace: what we cannot foretell is whether it will be kept for its failure. */
  readonly isSampled: (traceId: string) => boolean;
  /** Gives 16 hexadecimal digits, random in every one. */
  readonly newSpanId: () => string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
}

/** Requests by the objects that Node.js has for them. Nothing is kept of one that has ended or is forgotten. */
export interface Outgoing {
  /** Gives what to tell the other side, as the header `traceparent`; null where nothing is to be told. */
  began(request: object, head: { readonly method: string; readonly host: string }): string | null;
  /** The head of an answer is there. What becomes of its body is not waited for: nobody may ever read it. */
  answered(request: object, status: number): void;
  failed(request: object, error: unknown): void;
}

interface Underway {
  readonly invocation: Invocation;
  /** Milliseconds, monotonic. */
  readonly since: number;
  readonly begun: Pick<HttpOperation, 'kind' | 'spanId' | 'method' | 'host' | 'startedAt'>;
}

/** Those of the conventions; anything else is one. */
const METHODS: ReadonlySet<string> = new Set(
  'GET HEAD POST PUT PATCH DELETE OPTIONS CONNECT TRACE QUERY'.split(' '),
);
const OTHER_METHOD = '_OTHER';
const OTHER_ERROR = '_OTHER';
/** Codes and names of errors are words; what is none may be anything. */
const WORD = /^\w{1,64}$/;

export function createOutgoing(options: OutgoingOptions): Outgoing {
  const { running, isDiscord, isSampled, newSpanId, now, monotonic } = options;
  const underway = new WeakMap<object, Underway>();

  function ended(request: object, status: number | null, errorType: string | null): void {
    const one = underway.get(request);
    if (one === undefined) return;
    underway.delete(request);
    const durationSeconds = (monotonic() - one.since) / 1000;
    addOperation(one.invocation, { status, errorType, durationSeconds, ...one.begun });
  }

  return {
    began(request, { method, host }) {
      const invocation = running();
      if (invocation === undefined || isDiscord(host)) return null;
      const spanId = newSpanId();
      underway.set(request, {
        invocation,
        since: monotonic(),
        begun: { kind: 'http', spanId, method: methodOf(method), host, startedAt: now() },
      });
      return `00-${invocation.traceId}-${spanId}-${isSampled(invocation.traceId) ? '01' : '00'}`;
    },
    answered: (request, status) => ended(request, status, null),
    failed: (request, error) => ended(request, null, errorTypeOf(error)),
  };
}

function methodOf(method: string): string {
  const name = method.toUpperCase();
  return METHODS.has(name) ? name : OTHER_METHOD;
}

/** The error's code, else its name. */
function errorTypeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return OTHER_ERROR;
  const names = [readProperty(error, 'code'), readProperty(error, 'name')];
  return names.find((name): name is string => typeof name === 'string' && WORD.test(name)) ?? OTHER_ERROR;
}
