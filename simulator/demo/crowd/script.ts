/** What pretend users do next. */
export interface Deed {
  readonly kind: 'command' | 'suggestion';
  readonly line: string;
}

interface Habit extends Deed {
  readonly weight: number;
}

const type = (weight: number, line: string): Habit => ({ kind: 'command', weight, line });

/** The first ones, so that every kind of ending is there to be seen from the start. */
const OVERTURE: readonly Deed[] = [
  type(1, '/ping'),
  type(1, '/roll dice:2d6'),
  type(1, '/announce text:"Free cake at noon"'),
  type(1, '/weather city:Busan'),
  type(1, '/crash kind:async'),
];

const HABITS: readonly Habit[] = [
  type(16, '/roll'),
  type(8, '/roll dice:3d6'),
  type(2, '/roll dice:banana'),
  type(14, '/ping'),
  type(8, '/weather city:Lisbon'),
  type(8, '/weather city:Bergen'),
  type(9, '/daily'),
  type(8, '/ticket open subject:"The anchor is gone"'),
  type(5, '/ticket close'),
  type(6, '/stats period:1h'),
  type(2, '/stats command:weather'),
  { kind: 'suggestion', weight: 3, line: '/stats command:ti' },
  type(3, '/health'),
  type(3, '/announce text:hello'),
  type(2, '/crash kind:sync'),
  type(2, '/crash kind:async'),
  type(1, '/crash kind:undefined'),
  type(1, '/crash kind:late'),
  type(1, '/crash kind:silent'),
  type(1, '/crash kind:hang'),
];

const TOTAL_WEIGHT = HABITS.reduce((sum, { weight }) => sum + weight, 0);

/**
 * Gives the deed at that place in the sequence: the overture first, then whatever chance brings.
 *
 * @param random from 0 to below 1.
 */
export function nextDeed(index: number, random: () => number): Deed {
  const planned = OVERTURE[index];
  if (planned !== undefined) return planned;
  let left = random() * TOTAL_WEIGHT;
  return HABITS.find(({ weight }) => (left -= weight) < 0) ?? { kind: 'command', line: '/ping' };
}
