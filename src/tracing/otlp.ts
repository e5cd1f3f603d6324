import type * as api from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Attributes, Span, SpanReference } from './span';

/** The one place that knows OpenTelemetry's packages. They are loaded with the first exporter, and not before. */

export interface OtlpOptions {
  /** Where traces go, path and all. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** How long an export may take, with its repetitions. */
  readonly timeoutMs: number;
  readonly compression: 'none' | 'gzip';
  /** What the spans are of. */
  readonly resource: Attributes;
  /** Telltale's own. */
  readonly version: string;
}

/** Sends spans. Rejects where the other side did not take them. */
export type Export = (spans: readonly Span[]) => Promise<void>;

/** Loads the exporter: OTLP over HTTP, as JSON. It repeats what may succeed a second time, while its time lasts. */
export async function loadOtlpExport(options: OtlpOptions): Promise<Export> {
  const [{ OTLPTraceExporter }, toReadable] = await Promise.all([
    import('@opentelemetry/exporter-trace-otlp-http'),
    loadConversion(options),
  ]);
  type Config = NonNullable<ConstructorParameters<typeof OTLPTraceExporter>[0]>;
  const exporter = new OTLPTraceExporter({
    url: options.url,
    headers: { ...options.headers },
    timeoutMillis: options.timeoutMs,
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the package does not export its names for these words
    compression: options.compression as NonNullable<Config['compression']>,
  });
  return (spans) =>
    new Promise((resolve, reject) => {
      exporter.export(spans.map(toReadable), ({ error }) => {
        if (error === undefined) resolve();
        else reject(error);
      });
    });
}

/** Loads what it takes to make of our spans those of OpenTelemetry's SDK. */
async function loadConversion({ resource, version }: OtlpOptions): Promise<(span: Span) => ReadableSpan> {
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
    status: { code: span.isError ? SpanStatusCode.ERROR : SpanStatusCode.UNSET },
    attributes: { ...span.attributes },
    events: span.moments.map(({ name, at, attributes }) => {
      return { name, time: hrTime(at), attributes: { ...attributes } };
    }),
    links: link === null ? [] : [{ context: context(link) }],
  };
}

/** Seconds and nanoseconds, from milliseconds; to the microsecond, as more is not in a number of this size. */
function hrTime(ms: number): [number, number] {
  const microseconds = Math.round(ms * 1000);
  return [Math.floor(microseconds / 1e6), (microseconds % 1e6) * 1000];
}
