import { OUTCOME_KINDS, type OutcomeKind, type Sink } from '../../../src/telemetry/event';

/** How an interaction ended, as the bot tells the demo: from process to process, since no log level switches that off. */
export interface Settled {
  readonly interactionId: string;
  readonly outcome: OutcomeKind;
  /** Why it was refused or failed; null if it did neither. */
  readonly reason: string | null;
  readonly durationMs: number;
}

const TYPE = 'invocation_settled';

/** In the bot's process: sends how each invocation ended. */
export function createSettledSink(send: (message: object) => void): Sink {
  return {
    name: 'demo',
    record(event) {
      if (event.type !== TYPE) return;
      const { interactionId, outcome, durationSeconds } = event;
      send({
        type: TYPE,
        interactionId,
        outcome: outcome.kind,
        reason: outcome.kind === 'ok' ? null : outcome.reason,
        durationMs: durationSeconds * 1000,
      });
    },
  };
}

/** In the demo's process: reads what was sent; null if it is something else. Never throws. */
export function readSettled(message: unknown): Settled | null {
  const fields = new Map<string, unknown>(Object.entries(message ?? {}));
  const outcome = OUTCOME_KINDS.find((kind) => kind === fields.get('outcome'));
  if (fields.get('type') !== TYPE || outcome === undefined) return null;
  const reason = fields.get('reason');
  return {
    interactionId: String(fields.get('interactionId')),
    outcome,
    reason: typeof reason === 'string' ? reason : null,
    durationMs: Number(fields.get('durationMs')),
  };
}
