import {
  InteractionResponse,
  MessageFlags,
  type InteractionDeferReplyOptions,
  type InteractionReplyOptions,
} from 'discord.js';
import type { Answer } from '../pipeline/answer';
import type { Deferral } from '../pipeline/deferral';
import type { CommandInteraction } from './command';
import type { CommandLimits } from './command-limits';
import { bodyOf, isEphemeral } from './message-body';

/**
 * Prepares an interaction for being deferred in its command's place, if its module says so: whatever the command does
 * to answer it afterwards takes the place of the deferral, as if there had been none. `reply` edits it, `deferReply`
 * has nothing left to do, and what needs an answer to be there waits for the deferral; `showModal` can only be a first
 * answer and is rejected.
 */
export function deferralOf(
  interaction: CommandInteraction,
  { deferAfter, deferEphemeral }: CommandLimits,
  answer: Answer,
): Deferral | null {
  if (deferAfter === null) return null;
  return { afterSeconds: deferAfter, run: makeDeferrable(interaction, deferEphemeral, answer) };
}

/** Gives what defers. It does nothing once the command has begun to answer by itself. */
function makeDeferrable(
  interaction: CommandInteraction,
  ephemeral: boolean,
  answer: Answer,
): () => Promise<void> {
  const own = methodsOf(interaction);
  let deferring: Promise<InteractionResponse | null> | null = null;
  let begun = false;
  let isTaken = false;
  let isRemoved = false;

  /** What Discord gave for the deferral; null where there is none, and the command's answer is the first. */
  function deferred(): Promise<InteractionResponse | null> | null {
    if (deferring === null) begun = true;
    return interaction.replied ? null : deferring;
  }

  async function reply(options: string | InteractionReplyOptions) {
    const response = await deferred();
    if (response === null || isTaken) return own.reply(options);
    isTaken = true;
    try {
      return handleOf(await takePlace(options), response, options);
    } catch (error) {
      isTaken = false; // As after any answer that was refused, there may be another.
      throw error;
    }
  }

  async function takePlace(options: string | InteractionReplyOptions) {
    if (isEphemeral(options) && !ephemeral && !isRemoved) {
      // What is for one user alone may not appear where everybody sees the bot "thinking".
      await own.deleteReply();
      isRemoved = true;
    }
    return isRemoved ? own.followUp(options) : own.editReply(bodyOf(options));
  }

  async function deferReply(options: InteractionDeferReplyOptions = {}) {
    const response = await deferred();
    if (response === null) return own.deferReply(options);
    if (isEphemeral(options) && !ephemeral) {
      throw new Error(
        'The answer was deferred for everyone to see before the command deferred it for the user alone: ' +
          'its module should say `deferEphemeral: true` beside `defer`.',
      );
    }
    return wantsMessage(options) ? handleOf(await own.fetchReply(), response, options) : response;
  }

  async function showModal(...args: Parameters<typeof own.showModal>) {
    if (deferring === null) {
      begun = true;
      return own.showModal(...args);
    }
    throw new Error(
      'The answer was deferred, as the module’s `defer` says, and a modal can only be shown as the first answer.',
    );
  }

  /** What only an interaction with an answer can do is not done while the deferral is on its way. */
  function afterDeferral<Args extends readonly unknown[], Result>(
    method: (...args: Args) => Promise<Result>,
  ) {
    return async (...args: Args): Promise<Result> => {
      await deferring;
      return method(...args);
    };
  }

  async function defer(): Promise<InteractionResponse> {
    try {
      return await own.deferReply(ephemeral ? { flags: MessageFlags.Ephemeral } : {});
    } catch (error) {
      // The receipt was lost: Discord took it, and called its repetition the second one (40060).
      if (answer.accepted?.kind !== 'defer') throw error;
      return responseOf(Object.assign(interaction, { deferred: true, ephemeral }));
    }
  }

  Object.assign(interaction, {
    ...{ reply, deferReply, showModal },
    editReply: afterDeferral(own.editReply),
    followUp: afterDeferral(own.followUp),
    fetchReply: afterDeferral(own.fetchReply),
    deleteReply: afterDeferral(own.deleteReply),
  });
  return async () => {
    if (begun) return;
    const response = defer();
    deferring = response.catch(() => null);
    await response;
  };
}

/** The interaction's own ways of answering. */
function methodsOf(interaction: CommandInteraction) {
  /* eslint-disable @typescript-eslint/no-deprecated -- one of their overloads is, and not the one that is called */
  return {
    reply: interaction.reply.bind(interaction),
    deferReply: interaction.deferReply.bind(interaction),
    editReply: interaction.editReply.bind(interaction),
    followUp: interaction.followUp.bind(interaction),
    fetchReply: interaction.fetchReply.bind(interaction),
    deleteReply: interaction.deleteReply.bind(interaction),
    showModal: interaction.showModal.bind(interaction),
  };
  /* eslint-enable @typescript-eslint/no-deprecated */
}

/** As discord.js makes it of what Discord says. */
function responseOf(interaction: CommandInteraction): InteractionResponse {
  const response: unknown = Reflect.construct(InteractionResponse, [interaction]);
  if (!isResponse(response)) throw new TypeError('discord.js made no response');
  return response;
}

function isResponse(value: unknown): value is InteractionResponse {
  return value instanceof InteractionResponse;
}

interface Wanted {
  readonly withResponse?: boolean;
  readonly fetchReply?: boolean;
}

const wantsMessage = ({ withResponse, fetchReply }: Wanted): boolean =>
  withResponse === true || fetchReply === true;

/** What a caller of `reply` or `deferReply` expects, which depends on what it asked for. */
function handleOf<Message extends { readonly id: string }>(
  message: Message,
  response: InteractionResponse,
  options: string | Wanted,
) {
  if (typeof options === 'string' || !wantsMessage(options)) return response;
  if (options.withResponse !== true) return message;
  return { interaction: { id: response.id, responseMessageId: message.id }, resource: { message } };
}
