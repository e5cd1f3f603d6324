import type { REST } from 'discord.js';
import { Answer } from '../pipeline/answer';
import type { AckKind } from '../telemetry/event';

/** Sees the answers to interactions where every way of answering must pass: at the client's REST calls. */
export interface Answers {
  /** Begins to watch for the answer to this interaction. */
  open(interactionId: string): Answer;
  close(interactionId: string): void;
}

const CALLBACK = /^\/interactions\/(\d+)\/[^/]+\/callback$/;

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

/**
 * Watches the answers that go through this REST client, without changing any.
 *
 * @param monotonic milliseconds that never go back.
 */
export function watchAnswers(rest: REST, monotonic: () => number): Answers {
  const open = new Map<string, Answer>();
  const request = rest.request.bind(rest);

  rest.request = (options) => {
    const id = CALLBACK.exec(options.fullRoute)?.[1];
    const answer = id === undefined ? undefined : open.get(id);
    if (answer === undefined) return request(options);
    const attempt = answer.attempt(ackKind(options.body));
    const response = request(options);
    response.then(
      () => attempt.accepted(),
      (error: unknown) => attempt.refused(error),
    );
    return response;
  };

  return {
    open(interactionId) {
      const answer = new Answer(monotonic);
      open.set(interactionId, answer);
      return answer;
    },
    close: (interactionId) => void open.delete(interactionId),
  };
}

function ackKind(body: unknown): AckKind {
  const type = typeof body === 'object' && body !== null && 'type' in body ? Number(body.type) : NaN;
  return ACKS[type] ?? 'reply';
}
