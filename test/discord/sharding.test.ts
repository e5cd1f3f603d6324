import { createStage } from '../support/bot';

/** Which shards the compiled bot runs, as its operator set it. */

const stage = createStage();
afterEach(() => stage.clear());

const SHARDS_OF_THREE: readonly (readonly [Readonly<Record<string, string>>, readonly number[]])[] = [
  [{}, [0, 1, 2]],
  [{ SHARDS: 'auto' }, [0, 1, 2]],
  [{ SHARDS: '2' }, [0, 1]],
  [{ SHARD_IDS: '1-2', SHARD_COUNT: '4' }, [1, 2]],
];

it.each(SHARDS_OF_THREE)('where Discord recommends three, %j runs %j', async (environment, shards) => {
  const discord = await stage.discord({ shards: 3 });
  const bot = await stage.bot(discord, environment);
  await Promise.race([discord.ready({ shards: shards.length, timeoutMs: 4000 }), bot.ended]).catch(
    () => undefined,
  );
  expect(discord.gateway.connections.map(({ shard }) => shard).sort()).toEqual(shards);
});
