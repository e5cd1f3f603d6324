import * as ping from '../../commands/ping';
import { fakeContext, fakeInteraction } from './support';

const shard = (latencySeconds: number | null) => ({
  shard: 1,
  up: true,
  latencySeconds,
  lastHeartbeatAckAt: null,
  lastDispatchAt: null,
});

describe('/ping', () => {
  it('tells the latency of the shard that serves the user, and how long the command took to arrive', async () => {
    const { interaction, replies } = fakeInteraction();
    const { context } = fakeContext({ shards: () => [{ ...shard(9), shard: 0 }, shard(0.0421)] });
    await ping.execute(interaction, context);
    const deliveryMs = context.invocation.receivedAt - context.invocation.createdAt;
    expect(replies.map(({ content }) => content)).toEqual([
      `Pong! Gateway: 42 ms. Your command took ${deliveryMs} ms to get here.`,
    ]);
  });

  it('answers before the first heartbeat', async () => {
    for (const shards of [[], [shard(null)]]) {
      const { interaction, replies } = fakeInteraction();
      await ping.execute(interaction, fakeContext({ shards: () => shards }).context);
      expect(replies[0]?.content).toContain('Pong! Gateway: not measured yet.');
    }
  });

  it('answers Koreans in Korean', async () => {
    const { interaction, replies } = fakeInteraction();
    await ping.execute(interaction, fakeContext({ shards: () => [shard(0.05)] }, 'ko').context);
    expect(replies[0]?.content).toMatch(/^퐁! 게이트웨이: 50 ms\. 명령이 도착하는 데 \d+ ms 걸렸습니다\.$/);
  });
});
