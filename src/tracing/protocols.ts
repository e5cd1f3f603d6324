/** What can be sent over HTTP, by OpenTelemetry's names: https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
export const PROTOCOLS = ['http/json', 'http/protobuf'] as const;
export type Protocol = (typeof PROTOCOLS)[number];
