const TRACE_ID_BYTES = 16;
const POOLED = 256;

/**
 * Gives W3C trace ids: 32 hexadecimal digits, random in every one. The random bytes are drawn for many ids at once,
 * since the draw itself is what costs.
 *
 * @param randomBytes gives that many random bytes.
 */
export function createTraceIds(randomBytes: (size: number) => Buffer): () => string {
  let pool: Buffer = Buffer.alloc(0);
  let next = 0;
  return () => {
    if (next >= pool.length) {
      pool = randomBytes(TRACE_ID_BYTES * POOLED);
      next = 0;
    }
    const id = pool.toString('hex', next, next + TRACE_ID_BYTES);
    next += TRACE_ID_BYTES;
    return id;
  };
}

const SPAN_ID_DIGITS = 16;

/**
 * The id of the span that stands for a whole invocation: the beginning of its trace id, so that whoever knows the one
 * knows the other, and a link from trace to trace needs no table.
 */
export function rootSpanId(traceId: string): string {
  return traceId.slice(0, SPAN_ID_DIGITS);
}
