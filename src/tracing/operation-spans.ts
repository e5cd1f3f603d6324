import {
  OTHER,
  type HttpOperation,
  type Operation,
  type RestOperation,
  type StoreOperation,
} from '../telemetry/event';
import { known, rounded, type Span, type SpanReference } from './span';

/** The spans below an invocation's: what it asked of Discord, of others, and of the statistics. */

export interface OperationOptions {
  /** Gives 16 hexadecimal digits, random in every one. */
  readonly newSpanId: () => string;
  /** What the statistics are kept in, as OpenTelemetry's conventions name it. */
  readonly databaseSystem: 'sqlite' | 'postgresql';
}

/** What an operation's span says beyond its times and place. */
type Content = Pick<Span, 'name' | 'attributes' | 'isError'> & {
  readonly spanId: string;
  readonly link?: SpanReference;
};

/** The conventions' word for a method that is none. */
const OTHER_METHOD = '_OTHER';
const FIRST_ERROR_STATUS = 400;

export function createOperationSpans(options: OperationOptions): (operation: Operation, root: Span) => Span {
  const contentOf = (operation: Operation): Content => {
    switch (operation.kind) {
      case 'rest':
        return restContent(operation, options.newSpanId);
      case 'http':
        return httpContent(operation);
      case 'store':
        return storeContent(operation, options);
    }
  };
  return (operation, root) => {
    const { attributes, ...content } = contentOf(operation);
    const isUnfinished = operation.isUnfinished === true;
    return {
      traceId: root.traceId,
      parentSpanId: root.spanId,
      kind: 'client',
      ...timesOf(operation, root),
      moments: [],
      link: null,
      errorMessage: null,
      // An end that is not its own is to be told from one that is.
      attributes: isUnfinished ? { 'telltale.unfinished': true, ...attributes } : attributes,
      ...content,
    };
  };
}

/**
 * Both clocks tell whole milliseconds of a start, and go wrong by themselves; durations do not. What was done within
 * an invocation began, and ended, within it.
 */
function timesOf(operation: Operation, root: Span): Pick<Span, 'startedAt' | 'endedAt'> {
  const durationMs = operation.durationSeconds * 1000;
  const startedAt = Math.max(root.startedAt, Math.min(operation.startedAt, root.endedAt - durationMs));
  const isUnfinished = operation.isUnfinished === true;
  return { startedAt, endedAt: isUnfinished ? Math.max(startedAt, root.endedAt) : startedAt + durationMs };
}

function restContent(operation: RestOperation, newSpanId: () => string): Content {
  const { route, host, attempts, status, code, waitSeconds } = operation;
  const method = methodOf(operation.method);
  const answered = typeof status === 'number' ? status : null;
  const errorType = restErrorType(operation);
  return {
    spanId: newSpanId(),
    name: `${method} ${route}`,
    isError: errorType !== null,
    attributes: known({
      'http.request.method': method,
      'url.template': route,
      'http.response.status_code': answered,
      ...addressOf(host),
      'http.request.resend_count': attempts > 1 ? attempts - 1 : null,
      'discord.rest.wait': rounded(waitSeconds),
      'discord.error_code': code,
      'error.type': errorType,
    }),
  };
}

/** One that goes on after a failed attempt has not failed. */
function restErrorType({ status, isUnfinished }: RestOperation): string | null {
  if (isUnfinished === true) return null;
  return typeof status === 'number' ? errorOfStatus(status) : (status ?? 'not_sent');
}

function httpContent(operation: HttpOperation): Content {
  const { spanId, host, status, toldSpan } = operation;
  const method = methodOf(operation.method);
  const errorType = operation.errorType ?? (status === null ? null : errorOfStatus(status));
  return {
    spanId,
    name: method === OTHER_METHOD ? 'HTTP' : method,
    ...(toldSpan === undefined ? {} : { link: toldSpan }),
    isError: errorType !== null,
    attributes: known({
      'http.request.method': method,
      ...addressOf(host),
      'http.response.status_code': status,
      'error.type': errorType,
    }),
  };
}

function storeContent(
  { question, errorType }: StoreOperation,
  { newSpanId, databaseSystem }: OperationOptions,
): Content {
  return {
    spanId: newSpanId(),
    name: question,
    isError: errorType !== null,
    attributes: known({
      'db.system.name': databaseSystem,
      'db.operation.name': question,
      'error.type': errorType,
    }),
  };
}

const methodOf = (method: string): string => (method === OTHER ? OTHER_METHOD : method);
const errorOfStatus = (status: number): string | null =>
  status >= FIRST_ERROR_STATUS ? String(status) : null;

/** An address of IPv6 stands in brackets before its port, and without them by itself. */
function addressOf(host: string): Readonly<Record<string, string | number | null>> {
  const [, name = host, port] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
  const isBracketed = name.startsWith('[') && name.endsWith(']');
  return {
    'server.address': isBracketed ? name.slice(1, -1) : name,
    'server.port': port === undefined ? null : Number(port),
  };
}
