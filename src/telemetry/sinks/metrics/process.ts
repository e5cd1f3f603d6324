import type { MetricRegistry } from '../registry';
import type { MetricsPart } from './part';

/** Counts what concerns the process: its command modules, and errors that nobody caught. */
export function createProcessMetrics(registry: MetricRegistry): MetricsPart {
  const metrics = {
    modules: registry.gauge({
      name: 'bot_command_modules',
      help: 'Command modules, by whether they could be loaded.',
      labels: ['state'],
    }),
    unhandled: registry.counter({
      name: 'bot_unhandled_errors_total',
      help: 'Errors that reached the process itself.',
      labels: ['kind'],
    }),
  };

  for (const state of ['loaded', 'failed']) metrics.modules.start({ state });
  for (const kind of ['exception', 'rejection']) metrics.unhandled.start({ kind });
  return {
    record(event) {
      if (event.type === 'unhandled_error') metrics.unhandled.increment({ kind: event.kind });
      else if (event.type === 'commands_loaded') {
        metrics.modules.set({ state: 'loaded' }, event.loaded);
        metrics.modules.set({ state: 'failed' }, event.failed);
      }
    },
  };
}
