import { createHistory, DAY, every, HOUR, INTERVAL, MINUTE, SECOND } from './support';

/** What is said of a shard whose history is known, second by second. */

const WELL = { ready: true, live: true, reason: null };

describe('a zombie: heartbeats are not acknowledged any more', () => {
  it('is not ready after two intervals, and to be restarted only after eight', () => {
    const history = createHistory();
    history.pass(HOUR, { gapMs: every(SECOND) });
    history.pass(INTERVAL); // Whenever that was, the last acknowledgement is now at most so old.
    const silent = { gapMs: every(SECOND), acks: false };
    history.pass(INTERVAL, silent);
    expect(history.verdict()).toEqual(WELL);
    history.pass(1.3 * INTERVAL, silent);
    expect(history.verdict()).toMatchObject({ ready: false, live: true });
    expect(history.verdict().reason).toMatch(/^shard 0 has had no heartbeat acknowledged for \d+ s$/);
    history.pass(4.5 * INTERVAL, silent);
    expect(history.verdict().live).toBe(true);
    history.pass(2 * INTERVAL, silent);
    expect(history.verdict()).toMatchObject({ ready: false, live: false });
    history.shard.acknowledged(50, history.now());
    expect(history.verdict()).toEqual(WELL);
  });

  it('is ready again at once when it has resumed, and stays so until its first heartbeat', () => {
    const history = createHistory();
    history.pass(HOUR);
    history.pass(2.1 * INTERVAL, { acks: false });
    history.drop();
    expect(history.verdict()).toEqual({ ready: false, live: true, reason: 'shard 0 is not connected' });
    history.wait(SECOND);
    history.comeUp();
    expect(history.verdict()).toEqual(WELL);
    history.wait(INTERVAL); // The first heartbeat comes after a part of an interval that chance decides.
    expect(history.verdict()).toEqual(WELL);
  });

  it('is to be restarted if connection after connection brings no heartbeat back', () => {
    const history = createHistory();
    history.pass(HOUR);
    const readings: { ready: boolean; live: boolean }[] = [];
    for (let i = 0; i < 6; i += 1) {
      history.drop();
      history.wait(SECOND / 2);
      history.comeUp();
      history.wait(1.6 * INTERVAL);
      readings.push(history.verdict());
    }
    expect(readings.map(({ ready }) => ready)).toEqual([true, false, false, false, false, false]);
    expect(readings.map(({ live }) => live)).toEqual([true, true, true, true, true, false]);
    history.shard.acknowledged(50, history.now());
    expect(history.verdict()).toEqual(WELL);
  });

  it('is no reason to restart after reconnections that were each too short for a heartbeat', () => {
    const history = createHistory();
    for (let i = 0; i < 20; i += 1) {
      history.drop(4000);
      history.wait(HOUR);
      history.comeUp();
      history.wait(2 * SECOND);
    }
    expect(history.verdict()).toEqual(WELL);
  });
});

describe('Discord being away', () => {
  it('for a day is no reason to restart, and it is ready as soon as Discord is back', () => {
    const history = createHistory();
    history.pass(HOUR, { gapMs: every(SECOND) });
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      history.drop(1006);
      history.wait(MINUTE);
      expect(history.verdict()).toEqual({ ready: false, live: true, reason: 'shard 0 is not connected' });
    }
    history.comeUp();
    expect(history.verdict()).toEqual(WELL);
    history.pass(10 * MINUTE, { gapMs: every(SECOND) });
    expect(history.verdict()).toEqual(WELL);
  });

  it('is another thing than a library that has stopped trying: only a restart mends that', () => {
    const history = createHistory();
    history.drop(1006);
    history.wait(10 * MINUTE);
    expect(history.verdict().live).toBe(true);
    history.wait(SECOND);
    expect(history.verdict()).toEqual({
      ready: false,
      live: false,
      reason: 'shard 0 is not connected, and nothing has tried for 601 s',
    });
  });

  it('is another thing than its refusal: discord.js never tries again', () => {
    const history = createHistory();
    history.shard.closed(4014, history.now());
    expect(history.verdict()).toEqual({
      ready: false,
      live: false,
      reason: 'shard 0 is closed for good: Discord refuses it (code 4014)',
    });
  });
});

describe('a deaf connection: heartbeats are acknowledged, and nothing else comes', () => {
  it('is found within six minutes on a busy shard, and to be restarted five minutes later', () => {
    const history = createHistory();
    history.pass(2 * HOUR, { gapMs: every(2 * SECOND) });
    history.pass(5 * MINUTE);
    expect(history.verdict()).toEqual(WELL);
    history.pass(MINUTE);
    expect(history.verdict()).toMatchObject({ ready: false, live: true });
    expect(history.verdict().reason).toMatch(/^shard 0 is deaf: .* nothing else came for \d+ s$/);
    history.pass(4 * MINUTE);
    expect(history.verdict().live).toBe(true);
    history.pass(2 * MINUTE);
    expect(history.verdict()).toMatchObject({ ready: false, live: false });
    expect(history.foundDeaf()).toBe(1);
  });

  it('that cannot come up again is to be restarted too', () => {
    const history = createHistory();
    history.pass(2 * HOUR, { gapMs: every(2 * SECOND) });
    history.pass(6 * MINUTE);
    for (let i = 0; i < 20; i += 1) {
      history.drop(1000); // READY, too, is something that does not arrive.
      history.wait(16 * SECOND);
    }
    expect(history.verdict()).toMatchObject({ ready: false, live: false });
  });

  it('is ready as soon as anything comes', () => {
    const history = createHistory();
    history.pass(2 * HOUR, { gapMs: every(2 * SECOND) });
    history.pass(12 * MINUTE);
    expect(history.verdict().live).toBe(false);
    history.shard.dispatched(history.now());
    expect(history.verdict()).toEqual(WELL);
  });

  it('that a fresh session did not make talk is left alone: it was only quiet', () => {
    const history = createHistory();
    history.pass(2 * HOUR, { gapMs: every(2 * SECOND) });
    history.pass(6 * MINUTE);
    expect(history.foundDeaf()).toBe(1);
    history.drop(1000);
    history.comeUp();
    expect(history.verdict()).toEqual(WELL);
    history.pass(2 * DAY);
    expect(history.verdict()).toEqual(WELL);
    expect(history.foundDeaf()).toBe(1);
  });

  it('is one, too, whose RESUME is never answered, however little is known of it', () => {
    const history = createHistory();
    history.drop();
    history.shard.resuming(history.now());
    history.pass(2 * MINUTE);
    expect(history.verdict()).toEqual({ ready: false, live: true, reason: 'shard 0 is not connected' });
    history.pass(MINUTE);
    expect(history.verdict().reason).toContain('shard 0 is deaf');
    history.pass(6 * MINUTE);
    expect(history.verdict().live).toBe(false);
  });

  it('is none while a RESUME is answered with hours of what was missed', () => {
    const history = createHistory();
    history.drop();
    history.shard.resuming(history.now());
    history.pass(10 * MINUTE, { gapMs: every(MINUTE) });
    expect(history.foundDeaf()).toBe(0);
  });
});

describe('a quiet bot is never restarted, nor disturbed, for being quiet', () => {
  const hourOf = (at: number): number => Math.floor(at / HOUR) % 24;
  const weekday = (at: number): boolean => Math.floor(at / DAY) % 7 < 5;

  it.each([
    ['hears nothing at all', () => Infinity],
    ['hears an interaction a day', every(DAY)],
    ['hears one every five minutes', every(5 * MINUTE)],
    ['is busy in the evening and hears nothing at night', (at) => (hourOf(at) >= 18 ? 3 * SECOND : HOUR)],
    ['is busy by day, and less and less until morning', (at) => SECOND * 1.8 ** Math.min(hourOf(at), 14)],
    [
      'is busy on weekdays and hears an event an hour at weekends',
      (at) => (!weekday(at) ? HOUR : hourOf(at) < 8 ? 20 * MINUTE : 10 * SECOND),
    ],
    [
      'sees a burst of commands in its first hour and then a night',
      (at) => (hourOf(at) < 1 ? 20 * SECOND : 9 * HOUR),
    ],
  ] satisfies [string, (at: number) => number][])('one that %s, over nine days', (_, gapMs) => {
    const history = createHistory();
    for (let day = 0; day < 9; day += 1) {
      history.pass(DAY, { gapMs });
      expect(history.verdict()).toEqual(WELL);
    }
    expect(history.foundDeaf()).toBe(0);
  });
});
