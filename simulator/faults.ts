/** One shard, or all of them. */
export interface ShardChoice {
  readonly shard?: number;
}

/** What befalls matching requests. Without `status`, `hang` or `reset` they are answered as usual. */
export interface RestFault {
  readonly method?: string;
  /** Tested against the path after the version: `/channels/1/messages`. */
  readonly path?: RegExp;
  /** How many requests; all until it is removed, if left out. */
  readonly times?: number;
  readonly status?: number;
  /** Discord's JSON error code; 0 by default. */
  readonly code?: number;
  readonly message?: string;
  /** Sent in place of `{ message, code }`; a string as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Real milliseconds to wait before anything is done with the request. */
  readonly delayMs?: number;
  /** The request takes effect first; only its answer is lost. */
  readonly applied?: boolean;
  /** Never answer. */
  readonly hang?: boolean;
  /** End the connection without an answer. */
  readonly reset?: boolean;
}

export interface RestFaultHandle {
  /** How many requests it has befallen. */
  readonly hits: number;
  remove(): void;
}

/** What can go wrong, at will. */
export interface Faults {
  /** Closes with a code, such as 4000; 1006 cuts the connection. */
  closeGateway(code: number, choice?: ShardChoice): void;
  /** Asks the client to reconnect (op 7). */
  reconnect(choice?: ShardChoice): void;
  /** Tells the client that its session is invalid (op 9). */
  invalidSession(choice: ShardChoice & { readonly resumable: boolean }): void;
  /** The next `count` attempts to resume are answered with op 9. */
  refuseResumes(count: number): void;
  /** Asks for a heartbeat at once (op 1). */
  requestHeartbeat(choice?: ShardChoice): void;
  /** Heartbeats are not acknowledged: on the connections there are, or also on later ones (`lasting`). */
  stopAcks(choice?: ShardChoice & { readonly lasting?: boolean }): void;
  resumeAcks(): void;
  /** The connection goes deaf: heartbeats are acknowledged, but no dispatch arrives. What is missed is replayed on a resume. */
  stopDispatches(choice?: ShardChoice & { readonly lasting?: boolean }): void;
  resumeDispatches(): void;
  /** Withholds READY from those who identify, until the function it returns is called. */
  holdReady(): () => void;
  rest(fault: RestFault): RestFaultHandle;
  /** The token is not valid any more: REST answers 401 and the gateway closes with 4004. */
  rejectToken(): void;
  /** Everything works again. */
  clear(): void;
}

export interface RestFaults {
  add(fault: RestFault): RestFaultHandle;
  /** The first fault that meets this request, if any. */
  take(method: string, path: string): RestFault | null;
  clear(): void;
}

export function createRestFaults(): RestFaults {
  const active: { readonly fault: RestFault; hits: number }[] = [];
  return {
    add(fault) {
      const entry = { fault, hits: 0 };
      active.push(entry);
      return {
        get hits() {
          return entry.hits;
        },
        remove() {
          const index = active.indexOf(entry);
          if (index >= 0) active.splice(index, 1);
        },
      };
    },
    take(method, path) {
      for (const entry of active) {
        const { fault } = entry;
        if (entry.hits >= (fault.times ?? Infinity)) continue;
        if (fault.method !== undefined && fault.method.toUpperCase() !== method) continue;
        if (fault.path !== undefined && path.search(fault.path) < 0) continue;
        entry.hits += 1;
        return fault;
      }
      return null;
    },
    clear() {
      active.length = 0;
    },
  };
}
