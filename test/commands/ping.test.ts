import * as ping from '../../commands/ping';
import { START } from '../stats/support';
import { fakeContext, fakeInteraction } from './support';

const shard = (latencySeconds: number | null) => ({
  shard: 1,
  up: true,
  latencySeconds,
  lastHeartbeatAckAt: null,
  lastDispatchAt: null,
});

describe('/ping', () => {
  it('tells the latency of the shard that serves the user, and how long the answer took', async () => {
    const { interaction, replies, edits } = fakeInteraction({ answeredAt: START + 1_234 });
    const { context } = fakeContext({ shards: () => [{ ...shard(9), shard: 0 }, shard(0.0421)] });
    await ping.execute(interaction, context);
    expect(replies[0]?.content).toBe('Pong! Gateway: 42 ms.');
    expect(edits).toEqual(['Pong! Gateway: 42 ms. Answered after 1,234 ms.']);
  });

  it('answers before the first heartbeat, and where Discord does not say when', async () => {
    for (const shards of [[], [shard(null)]]) {
      const { interaction, replies, edits } = fakeInteraction();
      await ping.execute(interaction, fakeContext({ shards: () => shards }).context);
      expect(replies[0]?.content).toBe('Pong! Gateway: not measured yet.');
      expect(edits).toEqual([]);
    }
  });

  it('answers Koreans in Korean', async () => {
    const { interaction, edits } = fakeInteraction({ answeredAt: START + 80 });
    await ping.execute(interaction, fakeContext({ shards: () => [shard(0.05)] }, 'ko').context);
    expect(edits).toEqual(['퐁! 게이트웨이: 50 ms. 80 ms 만에 응답했습니다.']);
  });
});
