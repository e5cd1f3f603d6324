import type * as api from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Protocol } from './protocols';
import type { Attributes, Span, SpanReference } from './span';

/** The one place that knows OpenTelemetry's packages. They are loaded with the first exporter, and not before. */

export interface EncodingOptions {
  readonly protocol: Protocol;
  /** What the spans are of. */
  readonly resource: Attributes;
  /** Telltale's own. */
  readonly version: string;
}

/** Spans that the other side would not have, though it took the rest: a partial success. */
export interface Rejected {
  readonly spans: number;
  /** In its own words. */
  readonly message: string;
}

/** OTLP. */
export interface Encoding {
  readonly contentType: string;
  request(this: void, spans: readonly Span[]): Uint8Array;
  /** Null where all were taken; what cannot be read says nothing else. */
  rejected(this: void, answer: Uint8Array): Rejected | null;
}

/** Loads OpenTelemetry's encoding of traces. */
export async function loadEncoding(options: EncodingOptions): Promise<Encoding> {
  const [{ JsonTraceSerializer, ProtobufTraceSerializer }, toReadable] = await Promise.all([
    import('@opentelemetry/otlp-transformer'),
    loadConversion(options),
  ]);
  const isJson = options.protocol === 'http/json';
  const serializer = isJson ? JsonTraceSerializer : ProtobufTraceSerializer;
  return {
    contentType: isJson ? 'application/json' : 'application/x-protobuf',
    request(spans) {
      const body = serializer.serializeRequest(spans.map(toReadable));
      if (body === undefined) throw new Error('the spans cannot be encoded');
      return body;
    },
    rejected(answer) {
      const partial = propertyOf(read(serializer, answer), 'partialSuccess');
      const spans = Number(propertyOf(partial, 'rejectedSpans')); // A number of 64 bits: a text, in JSON.
      const message = propertyOf(partial, 'errorMessage');
      return spans > 0 ? { spans, message: typeof message === 'string' ? message : '' } : null;
    },
  };
}

function read(
  { deserializeResponse }: { readonly deserializeResponse: (answer: Uint8Array) => unknown },
  answer: Uint8Array,
): unknown {
  try {
    return deserializeResponse(answer);
  } catch {
    return null;
  }
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** Loads what it takes to make of our spans those of OpenTelemetry's SDK. */
async function loadConversion({ resource, version }: EncodingOptions): Promise<(span: Span) => ReadableSpan> {
  const [names, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/resources'),
  ]);
  const shared = {
    resource: resourceFromAttributes(resource),
    instrumentationScope: { name: 'telltale', version },
    ended: true,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
  return (span) => ({ ...readable(span, names), ...shared });
}

function readable(span: Span, { SpanKind, SpanStatusCode, TraceFlags }: typeof api) {
  const { traceId, parentSpanId, link } = span;
  const context = (ids: SpanReference) => ({
    traceId: ids.traceId,
    spanId: ids.spanId,
    traceFlags: TraceFlags.SAMPLED,
  });
  return {
    name: span.name,
    kind: span.kind === 'server' ? SpanKind.SERVER : SpanKind.CLIENT,
    spanContext: () => context(span),
    ...(parentSpanId === null ? {} : { parentSpanContext: context({ traceId, spanId: parentSpanId }) }),
    startTime: hrTime(span.startedAt),
    endTime: hrTime(span.endedAt),
    duration: hrTime(span.endedAt - span.startedAt),
    status: statusOf(span, SpanStatusCode),
    attributes: { ...span.attributes },
    events: span.moments.map(({ name, at, attributes }) => {
      return { name, time: hrTime(at), attributes: { ...attributes } };
    }),
    links: link === null ? [] : [{ context: context(link) }],
  };
}

function statusOf({ isError, errorMessage }: Span, codes: typeof api.SpanStatusCode) {
  if (!isError) return { code: codes.UNSET };
  return errorMessage === null ? { code: codes.ERROR } : { code: codes.ERROR, message: errorMessage };
}

/** Seconds and nanoseconds, from milliseconds; to the microsecond, as more is not in a number of this size. */
function hrTime(ms: number): [number, number] {
  const microseconds = Math.round(ms * 1000);
  return [Math.floor(microseconds / 1e6), (microseconds % 1e6) * 1000];
}
