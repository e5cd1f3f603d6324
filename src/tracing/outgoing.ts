import { readProperty } from '../logging/plain';
import type { HttpOperation, Invocation } from '../telemetry/event';
import { beginOperation } from '../telemetry/operations';
import { rootSpanId } from '../telemetry/trace-id';
import type { SpanReference } from './span';

/** A command's own requests: what is noted of them, and what the other side is told; Discord is told nothing. */

export interface OutgoingOptions {
  /** In whose name the code runs that is running; undefined in nobody's. */
  readonly running: () => Invocation | undefined;
  /** Whether the ratio keeps a trace: what we cannot foretell is whether it will be kept for its failure. */
  readonly isSampled: (traceId: string) => boolean;
  /** Gives 16 hexadecimal digits, random in every one. */
  readonly newSpanId: () => string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
}

export interface Head {
  readonly method: string;
  /** To whom it is, with the port where it is not the scheme's own. */
  readonly host: string;
  /** What the other side is told already, by the command or by a tracing of the bot's own. Null where nothing. */
  readonly traceparent: string | null;
}

/** Whether a host, with its port where it is not the scheme's own, is Discord's; of one whose port is not known, whether it may be. */
export type IsDiscord = (host: string, port?: 'unknown') => boolean;

/** Requests by the objects that Node.js has for them. Nothing is kept of one that has ended or is forgotten. */
export interface Outgoing {
  /**
   * Gives what to tell the other side, as the header `traceparent`; null where nothing is to be told.
   *
   * @param headOf gives null for a request that is to Discord. Asked only in the name of an invocation.
   */
  began(request: object, headOf: () => Head | null): string | null;
  /** The head of an answer is there. What becomes of its body is not waited for: nobody may ever read it. */
  answered(request: object, status: number): void;
  failed(request: object, error: unknown): void;
}

/** What is to be called when a request has ended. */
type End = (end: Pick<HttpOperation, 'status' | 'errorType'>) => void;
type Begun = Pick<HttpOperation, 'kind' | 'spanId' | 'toldSpan' | 'method' | 'host' | 'startedAt'>;

/** Those of the conventions; anything else is one. */
const METHODS: ReadonlySet<string> = new Set(
  'GET HEAD POST PUT PATCH DELETE OPTIONS CONNECT TRACE QUERY'.split(' '),
);
const OTHER_METHOD = '_OTHER';
const OTHER_ERROR = '_OTHER';
/** Codes and names of errors are words; what is none may be anything. */
const WORD = /^\w{1,64}$/;

export function createOutgoing(options: OutgoingOptions): Outgoing {
  const { running, isSampled, newSpanId, now, monotonic } = options;
  const underway = new WeakMap<object, End>();

  function begin(invocation: Invocation, begun: Begun): End {
    const since = monotonic();
    const durationSeconds = (): number => (monotonic() - since) / 1000;
    const end = beginOperation(invocation, () => {
      return {
        status: null,
        errorType: null,
        durationSeconds: durationSeconds(),
        isUnfinished: true,
        ...begun,
      };
    });
    return ({ status, errorType }) =>
      end({ status, errorType, durationSeconds: durationSeconds(), ...begun });
  }

  function ended(request: object, status: number | null, errorType: string | null): void {
    underway.get(request)?.({ status, errorType });
    underway.delete(request);
  }

  return {
    began(request, headOf) {
      const invocation = running();
      const head = invocation === undefined ? null : headOf();
      if (invocation === undefined || head === null) return null;
      const { host, traceparent } = head;
      const { traceId, progress } = invocation;
      // After the settlement there will be no span of it: the other side's stand below the root then.
      const spanId = progress.isSettled ? rootSpanId(traceId) : newSpanId();
      const toldSpan = traceparent === null ? null : spanIn(traceparent);
      const begun = {
        kind: 'http',
        spanId,
        method: methodOf(head.method),
        host,
        startedAt: now(),
        ...(toldSpan === null ? {} : { toldSpan }),
      } as const;
      underway.set(request, begin(invocation, begun));
      return `00-${traceId}-${spanId}-${isSampled(traceId) ? '01' : '00'}`;
    },
    answered: (request, status) => ended(request, status, null),
    failed: (request, error) => ended(request, null, errorTypeOf(error)),
  };
}

/** The host that a proxy is asked for; null where none is. */
export function behindProxy(method: string, path: string): string | null {
  return method === 'CONNECT' ? path : (/^https?:\/\/([^/?#]*)/i.exec(path)?.[1] ?? null);
}

/** https://www.w3.org/TR/trace-context/#traceparent-header-field-values; null for what names no span. */
function spanIn(traceparent: string): SpanReference | null {
  const [, traceId, spanId] =
    /^[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-/.exec(traceparent) ?? [];
  return traceId === undefined || spanId === undefined ? null : { traceId, spanId };
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
