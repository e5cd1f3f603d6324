import type { Logger } from '../logging/logger';
import { inWords, isNoHttp, RefusedError } from '../post/failure';
import { createLosses as create, type Losses as LossesOf } from '../post/losses';
import { LOSSES, type Loss } from './batches';

export type Losses = LossesOf<Loss>;

export interface LossesOptions {
  readonly logger: Pick<Logger, 'warn' | 'info'>;
  /** Where traces are to go. */
  readonly url: string;
  /** Gives a text without secrets. */
  readonly redact: (text: string) => string;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
}

/** Counts traces that are lost, and warns of it: once a minute at most, and at the end; and says when it is over. */
export function createLosses({ logger, url, redact, monotonic }: LossesOptions): Losses {
  const { host, port } = new URL(url);
  const exportFailed = (error: unknown): string => `${inWords(error, redact)}${hintFor(error, port)}`;
  const whys: Readonly<Record<Loss, (error: unknown) => string>> = {
    queue_full: () => 'they come faster than they are taken',
    export_failed: (error) => (error === undefined ? 'they were not taken' : exportFailed(error)),
    rejected: (error) => `it took others, and refused these: "${inWords(error, redact)}"`,
    closed: () => 'the bot ended before they were taken',
  };
  return create({
    logger,
    reasons: LOSSES,
    what: 'traces',
    to: host,
    why: (loss, error) => whys[loss](error),
    lines: { lost: { event: 'traces_lost' }, takenAgain: { event: 'traces_taken_again' } },
    now: monotonic,
  });
}

const GRPC_PORT = '4317';
const NOT_ALLOWED: ReadonlySet<number> = new Set([401, 403]);

/** Where the error looks like a wrong setting: which. */
function hintFor(error: unknown, port: string): string {
  if (error instanceof RefusedError) {
    return NOT_ALLOWED.has(error.status) ? ': is the key in OTEL_EXPORTER_OTLP_HEADERS right?' : '';
  }
  return isNoHttp(error) || port === GRPC_PORT
    ? ': is that the gRPC port? OTLP over HTTP is most often 4318'
    : '';
}
