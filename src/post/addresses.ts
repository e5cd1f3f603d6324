import type { LookupAddress, LookupOptions } from 'node:dns';
import { lookup as lookUp } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { within } from '../within';

/**
 * Where hosts are. A lookup cannot be cancelled: while it runs it takes one of the two threads that a process has for
 * all its lookups, and the process cannot end. So there is one at a time for a host, whoever asks for it.
 */

export interface Addresses {
  /** As `node:net` wants it. */
  readonly lookup: LookupFunction;
  /** Without looking: none where looking has failed, or hangs; null where it may help to look. */
  known(this: void, host: string): readonly LookupAddress[] | null;
  /** From now on what was found is good enough, and a resolver that hung is not asked. Gives how to end that. */
  ending(this: void): () => void;
}

export interface AddressesOptions {
  /** Gives all addresses of a host. */
  readonly ask?: (host: string, options: LookupOptions & { readonly all: true }) => Promise<LookupAddress[]>;
  /** Milliseconds that never go back. */
  readonly monotonic?: () => number;
}

interface Host {
  /** Found last, whenever that was. */
  found: readonly LookupAddress[];
  error: unknown;
  /** When to look again. */
  dueAt: number;
  /** When the last lookup began, and whether it took long, or has so far. */
  askedAt: number;
  wasSlow: boolean;
  underway: Promise<void> | null;
}

/** How long what was found is good for. So long is a resolver that hangs left alone, too. */
const FOUND_MS = 30_000;
const FAILED_MS = 5000;
/** A resolver that needs longer hangs: what was found before is used. */
const SLOW_MS = 1000;

/** Remembers each host it is asked for: there are as many as the settings name. */
export function createAddresses(options: AddressesOptions = {}): Addresses {
  const { ask = lookUp, monotonic = () => performance.now() } = options;
  const hosts = new Map<string, Host>();
  let endings = 0;

  async function look(name: string, host: Host, asked: LookupOptions): Promise<void> {
    try {
      host.found = await ask(name, { ...asked, all: true });
      host.error = null;
    } catch (error) {
      host.error = error;
    }
    host.wasSlow = isSlow(host);
    host.dueAt = monotonic() + (host.error === null || host.wasSlow ? FOUND_MS : FAILED_MS);
    host.underway = null;
  }
  const isSlow = ({ askedAt }: Host): boolean => monotonic() - askedAt > SLOW_MS;

  const isDue = (host: Host): boolean => {
    if (monotonic() < host.dueAt) return false;
    return endings === 0 || (host.found.length === 0 && !host.wasSlow);
  };

  async function find(name: string, asked: LookupOptions): Promise<readonly LookupAddress[]> {
    const host = hosts.get(name) ?? unknownHost();
    hosts.set(name, host);
    if (host.underway === null && isDue(host)) {
      host.askedAt = monotonic();
      host.underway = look(name, host, asked);
    }
    if (host.underway !== null)
      await (host.found.length > 0 ? within(host.underway, SLOW_MS, false) : host.underway);
    if (host.found.length === 0) throw host.error;
    return host.found;
  }

  return {
    lookup(name, asked, callback) {
      find(name, asked).then(
        (found) => give(found, asked, callback),
        (error: unknown) => callback(errorOf(error), ''),
      );
    },
    known(name) {
      const host = hosts.get(name);
      if (host === undefined) return null;
      if (host.found.length > 0) return host.found;
      const mayHelp = host.underway === null ? !host.wasSlow && monotonic() >= host.dueAt : !isSlow(host);
      return mayHelp ? null : [];
    },
    ending() {
      endings += 1;
      return () => void (endings -= 1);
    },
  };
}

/** Gives `node:net` what is known, and nothing else. */
export function lookupOf(known: readonly LookupAddress[]): LookupFunction {
  return (name, asked, callback) => process.nextTick(give, known, asked, callback, name);
}

type Callback = Parameters<LookupFunction>[2];

function give(
  found: readonly LookupAddress[],
  { all = false }: LookupOptions,
  callback: Callback,
  name = '',
): void {
  const [first] = found;
  if (first === undefined) callback(errorOf(`no address of ${name} is known`), '');
  else if (all) callback(null, [...found]);
  else callback(null, first.address, first.family);
}

const unknownHost = (): Host => {
  return { found: [], error: null, dueAt: -Infinity, askedAt: 0, wasSlow: false, underway: null };
};

function errorOf(error: unknown): NodeJS.ErrnoException {
  return error instanceof Error ? error : Object.assign(new Error(String(error)), { code: 'ENOTFOUND' });
}
