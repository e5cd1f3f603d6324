import type { Person } from './cast';
import { nextDeed, type Deed } from './script';

export interface CrowdOptions {
  readonly people: readonly Person[];
  /** Deeds a second, all people together. */
  readonly rate: number;
  readonly random: () => number;
  readonly act: (person: Person, deed: Deed) => void;
}

/** People who do something now and then, at about that rate. Returns how to stop them. */
export function startCrowd({ people, rate, random, act }: CrowdOptions): () => void {
  const meanPauseMs = 1000 / rate;
  let count = 0;
  let timer: NodeJS.Timeout | undefined;
  const next = (): void => {
    // From half to one and a half of it: lively, and right on average.
    timer = setTimeout(next, meanPauseMs * (0.5 + random()));
    const person = people[Math.floor(random() * people.length)];
    if (person !== undefined) act(person, nextDeed(count, random));
    count += 1;
  };
  next();
  return () => clearTimeout(timer);
}
