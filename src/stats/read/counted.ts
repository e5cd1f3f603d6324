import { sql, type RawBuilder, type SqlBool } from 'kysely';
import { ofRuns, seriesIdsOf, type Scope } from './scope';

/** Which of what is asked for is counted: as a condition on rows, and of a series. */
export interface Counted {
  readonly condition: RawBuilder<SqlBool>;
  has(this: void, seriesId: number): boolean;
}

/** What people ran, without autocompletion. */
export function runsAlone(scope: Scope): Counted {
  return {
    condition: ofRuns(scope),
    has(id) {
      const known = scope.series.get(id);
      return known !== undefined && known.kind !== 'autocomplete';
    },
  };
}

export function everything(scope: Scope): Counted {
  return {
    condition: scope.narrowed ? sql`series_id in (${sql.join(seriesIdsOf(scope))})` : sql`1 = 1`,
    has: (id) => scope.series.has(id),
  };
}
