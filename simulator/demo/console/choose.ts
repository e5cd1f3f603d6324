import type { UsableMenu } from '../view/controls';
import type { Candidate } from './complete';

/** What was chosen, as Discord sends it. */
export interface Choice {
  readonly customId: string;
  readonly values: readonly string[];
}

/**
 * Finds what `choose …` means: an option's value or label, after the menu's number if several menus have it. Where a
 * menu takes several values, commas part them.
 *
 * @throws Error with what there is to choose.
 */
export function readChoice(text: string, menus: readonly UsableMenu[]): Choice {
  const isListed = ({ options }: UsableMenu): boolean => options !== null;
  const listed = menus.filter(isListed).flatMap((menu) => choicesIn(menu, text));
  const [, number, rest = ''] = /^(\d{1,2})\s+(.+)$/.exec(text) ?? [];
  const numbered = menus.filter((_, index) => index + 1 === Number(number));
  const unlisted = menus.filter((menu) => !isListed(menu)).flatMap((menu) => choicesIn(menu, text));
  const readings = [
    listed,
    numbered.flatMap((menu) => choicesIn(menu, rest)),
    listed.length > 0 ? [] : unlisted,
  ];
  const [meant] = readings.find(({ length }) => length === 1) ?? [];
  if (meant !== undefined) return meant;
  if (listed.length > 1) throw new Error(`Several menus have "${text}": put the number of one before it.`);
  if (unlisted.length > 1) throw new Error('There are several menus: put the number of one before it.');
  const known = choicesOf(menus).map(({ value, note }) => (note === '' ? value : `${value} (${note})`));
  throw new Error(`There is no "${text}" to choose. There are: ${known.join(', ')}.`);
}

/** What may be typed after `choose`, and what the user sees in its place. */
export function choicesOf(menus: readonly UsableMenu[]): readonly Candidate[] {
  return menus.flatMap(({ options, placeholder }, index) => {
    const number = menus.length === 1 ? '' : `${index + 1} `;
    if (options === null) return [{ value: number, note: `the name of ${placeholder}` }];
    return options.map(({ value, label }) => ({
      value: `${number}${value}`,
      note: label === value ? '' : label,
    }));
  });
}

/** Nothing, or the one choice that the text is in this menu. */
function choicesIn({ customId, options, maxValues }: UsableMenu, text: string): readonly Choice[] {
  if (options === null) {
    const names = maxValues > 1 ? parts(text) : [text];
    return [{ customId, values: names }]; // Discord knows who and what there is.
  }
  const find = (wanted: string): string | undefined =>
    options.find(({ value }) => value === wanted)?.value ??
    options.find(({ label }) => label.toLowerCase() === wanted.toLowerCase())?.value;
  const whole = find(text);
  if (whole !== undefined) return [{ customId, values: [whole] }];
  const values = maxValues > 1 ? parts(text).map(find) : [];
  const found = values.filter((value) => value !== undefined);
  return found.length > 0 && found.length === values.length ? [{ customId, values: found }] : [];
}

function parts(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
