/** The HTTP server could not be opened. The message is for the operator: what is wrong, and which setting mends it. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  /** The system's code, such as `EADDRINUSE`. */
  readonly code: string;

  constructor(
    readonly host: string,
    readonly port: number,
    cause: unknown,
  ) {
    const code = fieldOf(cause, 'code') ?? 'UNKNOWN';
    super(
      `The HTTP server cannot listen on host ${host}, port ${port}: ${explain(code, cause)}, ` +
        'or ENABLE_METRICS=false to run without the server.',
      { cause },
    );
    this.code = code;
  }
}

function explain(code: string, cause: unknown): string {
  switch (code) {
    case 'EADDRINUSE':
      return 'another program has the port (EADDRINUSE). Set METRICS_PORT to a free one';
    case 'EACCES':
      return 'this user may not open the port (EACCES). Set METRICS_PORT to one above 1023';
    case 'EADDRNOTAVAIL':
      return 'this machine does not have the address (EADDRNOTAVAIL). Set METRICS_HOST to one that it has, such as 127.0.0.1';
    case 'ENOTFOUND':
      return 'the host name has no address (ENOTFOUND). Set METRICS_HOST to an address of this machine, such as 127.0.0.1';
    default:
      return `${fieldOf(cause, 'message') ?? code}. Set METRICS_HOST and METRICS_PORT`;
  }
}

function fieldOf(cause: unknown, field: 'code' | 'message'): string | undefined {
  const value: unknown = typeof cause === 'object' && cause !== null ? Reflect.get(cause, field) : undefined;
  return typeof value === 'string' ? value : undefined;
}
