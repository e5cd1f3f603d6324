const SECOND_MS = 1000;

/** Writes times (milliseconds since the epoch) as ISO 8601, milliseconds, UTC. */
export type Timestamps = (at: number) => string;

/** Keeps the second that it wrote last: within it only the milliseconds change, which costs a tenth. */
export function createTimestamps(): Timestamps {
  let second = NaN;
  let prefix = '';
  return (at) => {
    const ms = Math.trunc(at);
    const within = ((ms % SECOND_MS) + SECOND_MS) % SECOND_MS;
    if (ms - within !== second) {
      second = ms - within;
      prefix = new Date(second).toISOString().slice(0, -4);
    }
    return `${prefix}${within < 10 ? '00' : within < 100 ? '0' : ''}${within}Z`;
  };
}
