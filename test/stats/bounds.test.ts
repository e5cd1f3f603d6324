import { createGuildScopes } from '../../src/stats/guild-scopes';
import { UserSightings } from '../../src/stats/users';
import { START } from './support';

const series = { command: 'ping', kind: 'chat_input' } as const;
const observation = (at: number) =>
  ({ series, outcome: 'ok', durationSeconds: 0.1, at, error: null }) as const;

describe('the bounds of memory', () => {
  it('forget the quietest server first, and say that its statistics begin anew', () => {
    const guilds = createGuildScopes({ startedAt: START, rowLimit: 4 });
    guilds.record('quiet', observation(START), 'u1'); // a tally and a user: two rows
    guilds.record('busy', observation(START + 1), 'u1');
    guilds.record('quiet', observation(START + 2), 'u1');
    guilds.record('new', observation(START + 3), 'u1');
    const count = (guildId: string): number | undefined =>
      guilds.read(guildId, 'all', START + 4).tallies.get(series)?.ok;
    expect([count('quiet'), count('new'), count('busy')]).toEqual([2, 1, undefined]);
    expect(guilds.read('quiet', 'all', START + 4).since).toBe(START);
    expect(guilds.read('busy', 'all', START + 4).since).toBe(START + 3);
  });

  it('keep a server that alone is over the limit', () => {
    const guilds = createGuildScopes({ startedAt: START, rowLimit: 1 });
    guilds.record('only', observation(START), 'u1');
    expect(guilds.read('only', 'all', START).tallies.get(series)?.ok).toBe(1);
  });

  it('forget the user who was not seen for the longest', () => {
    const users = new UserSightings(2);
    users.see(series, 'a', 1);
    users.see(series, 'b', 2);
    users.see(series, 'a', 3);
    users.see(series, 'c', 4);
    expect(users.size).toBe(2);
    expect([...(users.since(0).get(series) ?? [])]).toEqual(['a', 'c']);
    expect([...(users.since(4).get(series) ?? [])]).toEqual(['c']);
  });
});
