import {
  DiscordjsErrorCodes,
  type InteractionDeferReplyOptions,
  type InteractionEditReplyOptions,
  type InteractionReplyOptions,
  type Message,
} from 'discord.js';
import { Refusal } from '../../pipeline/outcome';
import { bodyOf, isEphemeral, type MessageBody } from '../message-body';
import type { Messages } from '../messages';

/** The ways of answering an interaction, for a command that was called in a message: every answer is a message. */

/** What a command can see of how far its answer is. */
interface AnswerState {
  deferred: boolean;
  replied: boolean;
  ephemeral: boolean | null;
}

type Given = string | InteractionReplyOptions;

/** Whatever a command asks for, a message that anybody can provoke pings nobody. */
const SILENT = { parse: [], repliedUser: false } as const;

/**
 * Gives the functions that take the place of an interaction's own. What is for the user alone goes to their direct
 * messages, and the channel is told so: nobody else is to read it. What is sent can be edited and deleted as a reply to
 * a slash command; a modal cannot be shown, and is refused with a word about the slash command.
 *
 * @param state of the interaction; kept up to date.
 */
export function messageAnswers(
  message: Message,
  commandName: string,
  state: AnswerState,
  messages: Messages,
) {
  let sent: Message | null = null;

  async function send(body: MessageBody, isPrivate: boolean): Promise<Message> {
    const silent = { ...body, allowedMentions: SILENT, failIfNotExists: false };
    const answer = isPrivate && message.inGuild() ? await sendPrivately(silent) : await message.reply(silent);
    sent ??= answer;
    state.replied = true;
    state.ephemeral ??= isPrivate;
    return answer;
  }

  async function sendPrivately(body: MessageBody): Promise<Message> {
    const { sentPrivately, messagesClosed } = messages.text;
    const answer = await message.author.send(body).catch((error: unknown) => {
      if (codeOf(error) === CANNOT_SEND) throw new Refusal('user_error', messagesClosed);
      throw error;
    });
    const note = { content: sentPrivately, allowedMentions: SILENT, failIfNotExists: false };
    if (sent === null) await message.reply(note).catch(() => undefined);
    return answer;
  }

  async function reply(given: Given) {
    if (state.deferred || state.replied) throw alreadyReplied();
    return handleOf(await send(bodyOf(given), isEphemeral(given)), given);
  }

  async function deferReply(options: InteractionDeferReplyOptions = {}) {
    if (state.deferred || state.replied) throw alreadyReplied();
    state.deferred = true;
    state.ephemeral = isEphemeral(options);
    // Only a sign that it is being worked on: where it cannot be shown, the command goes on.
    if ('sendTyping' in message.channel) await message.channel.sendTyping().catch(() => undefined);
    return {
      id: message.id,
      fetch: fetchReply,
      edit: editReply,
      delete: () => deleteReply(),
      resource: null,
    };
  }

  async function editReply(given: string | InteractionEditReplyOptions): Promise<Message> {
    if (!state.deferred && !state.replied) throw notReplied();
    const other = typeof given === 'string' ? '@original' : (given.message ?? '@original');
    const body = bodyOf(given);
    if (other === '@original' && sent === null) return send(body, state.ephemeral === true);
    const attachments = typeof given === 'string' ? null : (given.attachments ?? null);
    const edit = { ...body, ...(attachments === null ? {} : { attachments }), allowedMentions: SILENT };
    return other === '@original' && sent !== null
      ? sent.edit(edit)
      : message.channel.messages.edit(other, edit);
  }

  async function followUp(given: Given): Promise<Message> {
    if (!state.deferred && !state.replied) throw notReplied();
    // The first one after a deferral takes its place.
    const isPrivate = sent === null && state.deferred ? state.ephemeral === true : isEphemeral(given);
    return send(bodyOf(given), isPrivate);
  }

  async function deleteReply(which: Message | string = '@original'): Promise<void> {
    if (!state.deferred && !state.replied) throw notReplied();
    if (which === '@original') await sent?.delete();
    else await message.channel.messages.delete(which);
  }

  async function fetchReply(which = '@original'): Promise<Message> {
    if (which !== '@original') return message.channel.messages.fetch(which);
    if (sent === null) throw notReplied();
    return sent.fetch();
  }

  const slashOnly = (): Promise<never> =>
    Promise.reject(new Refusal('user_error', messages.text.slashOnly(commandName)));

  return {
    reply,
    deferReply,
    editReply,
    followUp,
    deleteReply,
    fetchReply,
    showModal: slashOnly,
    awaitModalSubmit: slashOnly,
    launchActivity: slashOnly,
    sendPremiumRequired: slashOnly,
  };
}

const CANNOT_SEND = 50007;
const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : null;

/** As a caller of `reply` expects it: the message, which can be collected from, edited and deleted, or where it is in. */
function handleOf(answer: Message, given: Given) {
  const asked = typeof given !== 'string' && given.withResponse === true;
  return asked ? { interaction: { id: answer.id }, resource: { message: answer } } : answer;
}

const alreadyReplied = (): Error =>
  Object.assign(new Error('The reply to this interaction has already been sent or deferred.'), {
    code: DiscordjsErrorCodes.InteractionAlreadyReplied,
  });
const notReplied = (): Error =>
  Object.assign(new Error('The reply to this interaction has not been sent or deferred.'), {
    code: DiscordjsErrorCodes.InteractionNotReplied,
  });
