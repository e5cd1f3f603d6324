import { createHash } from 'node:crypto';
import { PERIODS, type Period } from '../src/stats/stats';

/** What the controls below an answer of `/stats` must remember: it travels in their custom ids and nowhere else. */
export interface StatsState {
  /** Who asked, and may therefore use the controls. */
  readonly userId: string;
  /** By Discord's clock; milliseconds since the epoch, in whole seconds. */
  readonly askedAt: number;
  readonly period: Period;
  readonly scope: 'server' | 'everywhere';
  /** Of the overview; the first is 0. */
  readonly page: number;
  /** The command that is shown in detail, as `commandKey` has it; null: all of them. */
  readonly command: string | null;
}

const FORM =
  /^(?<userId>\d{17,20})\.(?<askedAt>[0-9a-z]{1,8})\.(?<period>\w{2,3})\.(?<scope>[se])\.(?<page>\d{1,3})\.(?<command>[\w-]{10})?$/;
const LAST_PAGE = 999;

/** At most 55 characters, without ":". */
export function encodeState({ userId, askedAt, period, scope, page, command }: StatsState): string {
  const seconds = Math.floor(askedAt / 1000).toString(36);
  return [userId, seconds, period, scope.charAt(0), Math.min(page, LAST_PAGE), command ?? ''].join('.');
}

/** Null for what `encodeState` did not write. */
export function decodeState(text: string): StatsState | null {
  const { userId = '', askedAt = '', period = '', scope, page, command } = FORM.exec(text)?.groups ?? {};
  if (!isPeriod(period)) return null;
  return {
    userId,
    askedAt: Number.parseInt(askedAt, 36) * 1000,
    period,
    scope: scope === 'e' ? 'everywhere' : 'server',
    page: Number(page),
    command: command ?? null,
  };
}

/** Stands for a command's path, which may be as long as a custom id altogether: 10 characters of a hash. */
export function commandKey(command: string): string {
  return createHash('sha256').update(command).digest('base64url').slice(0, 10);
}

export function isPeriod(text: string): text is Period {
  return PERIODS.some((period) => period === text);
}
