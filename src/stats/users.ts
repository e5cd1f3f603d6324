import type { Series } from './tally';

interface Sighting {
  readonly series: Series;
  readonly user: string;
  readonly at: number;
}

/**
 * Who used what, and when last: enough to count the distinct users of every period that ends now, with one entry for
 * each user of each series. Beyond `limit` entries those not seen for the longest are forgotten: counts are exact as
 * long as no more than that were seen in the period, and the least that there were beyond it.
 */
export class UserSightings {
  /** Longest not seen first. */
  readonly #sightings = new Map<string, Sighting>();
  readonly #seriesIds = new Map<Series, number>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#sightings.size;
  }

  /** Notes that a user, given as a hash, used a series; `at` in milliseconds since the epoch. */
  see(series: Series, user: string, at: number): void {
    const key = `${this.#idOf(series)}:${user}`;
    this.#sightings.delete(key);
    this.#sightings.set(key, { series, user, at });
    if (this.#sightings.size <= this.#limit) return;
    for (const oldest of this.#sightings.keys()) {
      this.#sightings.delete(oldest);
      return;
    }
  }

  /** The distinct users of each series since a time, as hashes. */
  since(at: number): Map<Series, Set<string>> {
    const users = new Map<Series, Set<string>>();
    for (const sighting of this.#sightings.values()) {
      if (sighting.at < at) continue;
      const ofSeries = users.get(sighting.series);
      if (ofSeries) ofSeries.add(sighting.user);
      else users.set(sighting.series, new Set([sighting.user]));
    }
    return users;
  }

  #idOf(series: Series): number {
    const known = this.#seriesIds.get(series);
    if (known !== undefined) return known;
    this.#seriesIds.set(series, this.#seriesIds.size);
    return this.#seriesIds.size - 1;
  }
}
