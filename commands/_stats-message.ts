import type { APIActionRowComponent, APIComponentInMessageActionRow, APIEmbed } from 'discord.js';
import type { CommandContext } from '../src/discord/command';
import { messagesFor } from '../src/discord/messages';
import {
  StoreUnavailableError,
  type InvocationsQuery,
  type StatsSummary,
  type StoredInvocation,
} from '../src/stats/stats';
import { releaseChanges } from './_release-changes';
import { controls } from './_stats-controls';
import { detailEmbed } from './_stats-detail';
import { overviewEmbed, pagesOf } from './_stats-overview';
import { picture, type Picture } from './_stats-picture';
import type { StatsState } from './_stats-state';

/** What is asked for: the state of the controls, but for what only they need to know. */
export interface View {
  readonly state: StatsState;
  /** Full path, or the first words of it; null: all of them. */
  readonly command: string | null;
  /** The server whose numbers these are; null: everywhere. */
  readonly guildId: string | null;
}

/** As much of a message as a reply and an edit have in common. */
export interface StatsMessage {
  readonly embeds: APIEmbed[];
  readonly files: Picture[];
  readonly components: APIActionRowComponent<APIComponentInMessageActionRow>[];
  readonly allowedMentions: { readonly parse: [] };
}

/** Asks all at once, and shows the answers in one message. Refuses where they cannot be had. */
export async function statsMessage(view: View, context: CommandContext): Promise<StatsMessage> {
  const text = messagesFor(context.invocation.locale).stats;
  const { state, command, guildId } = view;
  const asked = {
    ...(command === null ? {} : { command }),
    ...(guildId === null ? {} : { guildId }),
  };
  const [summary, failures, image, changes] = await Promise.all([
    context.stats.summary({ period: state.period, ...asked }),
    command === null ? [] : newestFailures(asked, context),
    picture({ period: state.period, ...asked }, context),
    releaseChanges(asked, context),
  ]).catch((error: unknown) => {
    if (error instanceof StoreUnavailableError) return context.refuse(text.unavailable);
    throw error;
  });
  const pages = command === null ? pagesOf(summary) : 1;
  const page = Math.min(state.page, pages - 1); // There may be fewer than there were.
  const scope = guildId === null ? text.everywhere : text.thisServer;
  const embed =
    command === null
      ? overviewEmbed({ summary, changes }, page, scope, text)
      : detailEmbed(command, { summary, failures: since(summary, failures), changes }, scope, text);
  return {
    embeds: [image === null ? embed : { ...embed, image: { url: `attachment://${image.name}` } }],
    files: image === null ? [] : [image],
    components: controls({ ...state, page }, pages, text),
    allowedMentions: { parse: [] },
  };
}

/** More than are shown: those of autocompletion, which the numbers leave out, are among them. */
const FAILURES = 25;

async function newestFailures(
  asked: Pick<InvocationsQuery, 'command' | 'guildId'>,
  { stats }: CommandContext,
): Promise<readonly StoredInvocation[]> {
  const failures = await stats.invocations({ ...asked, outcome: 'failed', limit: FAILURES });
  return failures.filter(({ kind }) => kind !== 'autocomplete');
}

function since(summary: StatsSummary, failures: readonly StoredInvocation[]): readonly StoredInvocation[] {
  const begin = Date.parse(summary.since);
  return failures.filter(({ at }) => Date.parse(at) >= begin);
}
