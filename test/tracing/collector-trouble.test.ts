import { createTracingStage, eventually, stop, useMany } from './stage';
import type { Answer } from './support';

/** What a collector that does not do its work does to the bot. */

const stage = createTracingStage();
afterEach(() => stage.clear());

describe.each([
  ['away', null],
  ['slow: it answers after 30 s', () => undefined],
  ['broken: it answers 500', (response) => response.writeHead(500).end()],
] as [string, Answer | null][])('a collector that is %s', (_, answer) => {
  it('delays no command, is bounded and counted, and does not hold the exit up', async () => {
    const receiver = await stage.receiver(answer ?? undefined);
    if (answer === null) await receiver.close();
    const { discord, bot } = await stage.start({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_TIMEOUT: '30000',
      OTEL_BSP_MAX_QUEUE_SIZE: '20',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10',
    });
    // Of two spans each: more than wait and are on their way together.
    const exchanges = await useMany(discord, '/fine', 40);
    expect(exchanges.map(({ state }) => state.kind)).toEqual(exchanges.map(() => 'answered'));
    const losses = await eventually(async () => {
      const metrics = await bot.metrics();
      const of = (reason: string): number =>
        metrics.value('telemetry_dropped_total', { sink: 'traces', reason }) ?? NaN;
      const lost = of('queue_full') + of('export_failed');
      return lost >= 20 ? { lost, closed: of('closed') } : undefined;
    });
    expect(losses.closed).toBe(0);
    expect(await stop(bot)).toBeLessThan(4000);
    const warnings = (await bot.logLines()).filter(({ event }) => event === 'traces_lost');
    // One a minute, whatever the losses; and how many there were, at the end.
    expect(warnings).toMatchObject([
      { level: 'warn', logger: 'tracing' },
      { level: 'warn', logger: 'tracing', message: expect.stringContaining('the bot ends') },
    ]);
    expect(Number(warnings[1]?.count)).toBeGreaterThanOrEqual(losses.lost);
  });
});
