import { createDiscordHosts } from '../../src/discord/hosts';
import { createInvocationContext } from '../../src/logging/context';
import { openTraces } from '../../src/open-tracing';
import type { Tracing } from '../../src/tracing/tracing';
import { keepingLogger } from '../pipeline/support';
import { cleanUp, load } from '../settings-support';
import { failed, settled } from '../stats/support';
import { startReceiver } from './support';

/** From the variables to what is kept: a trace by the ratio, and one that somebody will look for in any case. */

const closers: (() => Promise<void> | undefined)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  cleanUp();
});

function open(environment: Readonly<Record<string, string>>): Tracing | null {
  const tracing = openTraces({
    settings: load({ environment }),
    build: { name: 'harbour', version: '1.2.3', commit: '4bf92f3' },
    ownVersion: () => '1.2.3',
    context: createInvocationContext(),
    logging: { redact: (text) => text, logger: () => keepingLogger().logger },
    discordHosts: createDiscordHosts(null),
    now: Date.now,
  });
  closers.push(() => tracing?.sink.close?.());
  return tracing;
}

/** Of the two, the first is kept by a ratio of a tenth and more, the second by one of all only. */
const [LOW, HIGH] = [`${'0'.repeat(31)}1`, `${'f'.repeat(8)}${'0'.repeat(24)}`];

it.each([
  ['always_on', '', ['ok low', 'ok high']],
  ['always_off', '', []],
  ['traceidratio', '0.1', ['ok low']],
  ['traceidratio', '0', []],
  ['parentbased_always_on', '', ['ok low', 'ok high']],
  ['parentbased_always_off', '', []],
  ['parentbased_traceidratio', '0.1', ['ok low']],
  ['parentbased_traceidratio', '0', []],
])(
  'by %s %s, failures and what came too late are kept, and of the rest, which has no parent, what the root says',
  async (sampler, ratio, kept) => {
    const receiver = await startReceiver();
    closers.push(receiver.close);
    const tracing = open({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_TRACES_SAMPLER: sampler,
      OTEL_TRACES_SAMPLER_ARG: ratio,
    });
    const events = [
      settled({ command: 'ok low', traceId: LOW }),
      settled({ command: 'ok high', traceId: HIGH }),
      settled({ command: 'failed', traceId: HIGH, outcome: failed(new Error()) }),
      settled({ command: 'late', traceId: HIGH, deadline: 'missed' }),
    ];
    for (const event of events) tracing?.sink.record(event);
    expect(await tracing?.flush(2000)).toBe(0);
    const commands = [...kept, 'failed', 'late'];
    expect(receiver.spans().map(({ attributes }) => attributes['discord.command'])).toEqual(commands);
    // What an exemplar may promise.
    expect(events.filter((event) => tracing?.isKept(event)).map(({ command }) => command)).toEqual(commands);
  },
);

it.each([
  ['OTEL_TRACES_EXPORTER', 'none'],
  ['OTEL_SDK_DISABLED', 'true'],
])('%s=%s switches traces off, whatever else is set', (name, text) => {
  const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://127.0.0.1:9';
  expect(open({ OTEL_EXPORTER_OTLP_ENDPOINT })).not.toBeNull();
  expect(open({ OTEL_EXPORTER_OTLP_ENDPOINT, [name]: text })).toBeNull();
});
