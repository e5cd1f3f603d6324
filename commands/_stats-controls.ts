import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  StringSelectMenuBuilder,
  type APIActionRowComponent,
  type APIComponentInMessageActionRow,
} from 'discord.js';
import type { Messages } from '../src/discord/messages';
import { PERIODS } from '../src/stats/stats';
import { encodeState, type StatsState } from './_stats-state';

type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

/** A menu for the period, and buttons to page and to refresh. All of them lead to the route `stats:show`. */
export function controls(state: StatsState, pages: number, text: Messages['stats']): Row[] {
  const id = (control: string, changes: Partial<StatsState> = {}): string =>
    `stats:show:${control}:${encodeState({ ...state, ...changes })}`;
  const button = (control: string, label: string, page: number): ButtonBuilder =>
    new ButtonBuilder().setCustomId(id(control, { page })).setLabel(label).setStyle(ButtonStyle.Secondary);
  const { page } = state;
  const paging = [
    button('back', '◀', Math.max(0, page - 1)).setDisabled(page === 0),
    button('next', '▶', Math.min(pages - 1, page + 1)).setDisabled(page >= pages - 1),
  ];
  const menu = new StringSelectMenuBuilder().setCustomId(id('period', { page: 0 })).addOptions(
    PERIODS.map((period) => ({
      label: text.periods[period],
      value: period,
      default: period === state.period,
    })),
  );
  return [
    new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(menu).toJSON(),
    new ActionRowBuilder<ButtonBuilder>()
      .addComponents(...(pages > 1 ? paging : []), button('refresh', text.refresh, page))
      .toJSON(),
  ];
}
