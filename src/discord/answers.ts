import { Answer, type AnswerAttempt } from '../pipeline/answer';
import type { AckKind } from '../telemetry/event';

/** Sees the answers to interactions where every way of answering must pass: at the client's REST calls. */
export interface Answers {
  /** Begins to watch for the answer to this interaction. */
  open(interactionId: string): Answer;
  close(interactionId: string): void;
}

const CALLBACK = /^\/interactions\/(\d+)\/([^/]+)\/callback$/;
/** What was sent after the first answer, by the interaction's token. */
const AFTER = /^\/webhooks\/\d+\/([^/]+)/;

/** Discord's type of callback that shows "thinking…" until something follows. */
const PLACEHOLDER = 5;

/** By Discord's type of callback. */
const ACKS: Readonly<Record<number, AckKind>> = {
  4: 'reply',
  5: 'defer',
  6: 'defer',
  7: 'update',
  8: 'autocomplete',
  9: 'modal',
  12: 'reply', // Launches the application's Activity.
};

/** The answers, and where whoever sees the requests to Discord reports them. */
export interface AnswerWatch extends Answers {
  /** To be called as a request is sent. Gives where to say what came of it; null if it answers no open interaction. */
  sent(request: {
    readonly method: string;
    readonly fullRoute: string;
    readonly body?: unknown;
  }): AnswerAttempt | null;
}

/**
 * Keeps the answers to the interactions that are open.
 *
 * @param monotonic milliseconds that never go back.
 */
export function createAnswers(monotonic: () => number): AnswerWatch {
  const open = new Map<string, Answer>();
  /** Those that are deferred, by the token, and the token by the interaction's id. */
  const deferred = new Map<string, Answer>();
  const tokens = new Map<string, string>();

  function sentAfter(method: string, fullRoute: string): AnswerAttempt | null {
    if (deferred.size === 0 || method === 'GET') return null;
    const answer = deferred.get(AFTER.exec(fullRoute)?.[1] ?? '');
    return answer?.isThinking === true ? answer.follow() : null;
  }

  return {
    open(interactionId) {
      const answer = new Answer(monotonic);
      open.set(interactionId, answer);
      return answer;
    },
    close(interactionId) {
      open.delete(interactionId);
      deferred.delete(tokens.get(interactionId) ?? '');
      tokens.delete(interactionId);
    },
    sent({ method, fullRoute, body }) {
      const [, id, token] = CALLBACK.exec(fullRoute) ?? [];
      if (id === undefined || token === undefined) return sentAfter(method, fullRoute);
      const answer = open.get(id);
      if (answer === undefined) return null;
      const type = typeOf(body);
      const isPlaceholder = type === PLACEHOLDER;
      if (isPlaceholder) {
        deferred.set(token, answer);
        tokens.set(id, token);
      }
      return answer.attempt(ACKS[type] ?? 'reply', isPlaceholder);
    },
  };
}

function typeOf(body: unknown): number {
  return typeof body === 'object' && body !== null && 'type' in body ? Number(body.type) : NaN;
}
