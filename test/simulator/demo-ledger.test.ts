import type { Exchange } from '../../simulator';
import type { Settled } from '../../simulator/demo/bot/console-line';
import { parseConsoleLine } from '../../simulator/demo/bot/console-line';
import { HOST } from '../../simulator/demo/crowd/cast';
import { Ledger } from '../../simulator/demo/ledger';
import { summaryLines } from '../../simulator/demo/summary';
import { paintPlain } from '../../simulator/demo/view/paint';

// Of an exchange, the ledger uses the id alone.
const exchange = (id: string): Exchange => ({ id }) as Exchange;
const settled = (interactionId: string): Settled => ({
  interactionId,
  outcome: 'ok',
  reason: null,
  durationMs: 1,
});
const entry = (id: string) =>
  ({ kind: 'command', line: '/ping', actor: HOST, exchange: exchange(id) }) as const;
const one = { ok: 1, refused: 0, failed: 0 };

function summary(ledger: Ledger, stats = one, metrics = one): string {
  return paintPlain(summaryLines(ledger, { stats, metrics }));
}

describe('the summary', () => {
  it('says that the numbers agree only if all of them do', () => {
    const ledger = new Ledger();
    ledger.open(entry('1'));
    ledger.settle(settled('1'));
    expect(summary(ledger)).toContain('The numbers agree.');
    expect(summary(ledger, { ...one, failed: 1 })).toContain('DO NOT agree');
    expect(summary(ledger, one, { ok: 0, refused: 1, failed: 0 })).toContain('DO NOT agree');
  });

  it('finds an interaction that was counted twice, and one that was never counted', () => {
    const twice = new Ledger();
    twice.open(entry('1'));
    twice.settle(settled('1'));
    twice.settle(settled('1'));
    const two = { ok: 2, refused: 0, failed: 0 };
    expect(summary(twice, two, two)).toContain('DO NOT agree');

    const lost = new Ledger();
    lost.open(entry('1'));
    const none = { ok: 0, refused: 0, failed: 0 };
    expect(summary(lost, none, none)).toContain('DO NOT agree. 1 never settled: /ping.');
  });

  it('takes clicks as the bot does: counted or not, but never twice', () => {
    const ledger = new Ledger();
    ledger.expect(exchange('1'));
    ledger.expect(exchange('2'));
    ledger.settle(settled('2'));
    expect(summary(ledger)).toContain('The numbers agree.');
    ledger.settle(settled('2'));
    expect(ledger.typed).toBe(1);
  });
});

describe("the bot's console", () => {
  it('is read as data, and what is none is shown as it is', () => {
    const line = {
      level: 'info',
      logger: 'commands',
      message: 'm',
      event: 'command_settled',
      interaction_id: '9',
    };
    expect(
      parseConsoleLine(JSON.stringify({ ...line, outcome: 'refused', reason: 'cooldown', duration_ms: 2 })),
    ).toEqual({
      kind: 'settled',
      text: 'commands: m',
      settled: { interactionId: '9', outcome: 'refused', reason: 'cooldown', durationMs: 2 },
    });
    expect(parseConsoleLine('{"level":"error","logger":"bot","message":"no"}')).toMatchObject({
      kind: 'log',
      level: 'error',
    });
    expect(parseConsoleLine('DISCORD_TOKEN is not set.')).toEqual({
      kind: 'raw',
      text: 'DISCORD_TOKEN is not set.',
    });
  });
});
