import { createStage } from './support/bot';
import { fixtures, ownCommands } from './support/bot';
import path from 'node:path';

/** `/logs` as it is typed into the bot itself, about what the bot has just logged. */

const stage = createStage();
afterAll(() => stage.clear());

it('leads the owner from the reference that a user was shown to the error behind it', async () => {
  const discord = await stage.discord({ owner: 'boss' });
  const commands = [ownCommands, fixtures('endings')].join(path.delimiter);
  const bot = await stage.bot(discord, { COMMANDS_DIRECTORY: commands });
  await discord.registered(['logs', 'sync-throw']);
  await bot.printed(/Logged in/);
  const told = (await discord.user('kim').type('/sync-throw').message()).content;
  const reference = /`([0-9a-f]{8})`/.exec(told)?.[1] ?? '';

  // Lines are in the files a moment after they were logged.
  let content = '';
  while (!content.includes('failed (exception)')) {
    const message = await discord.owner.type(`/logs trace:${reference} level:error`).message();
    expect(message.ephemeral).toBe(true);
    ({ content } = message);
  }
  expect(content).toContain(`trace_id=${reference}`);
  expect(content).toContain('command=sync-throw');

  const other = await discord.user('kim').type('/logs').message();
  expect(other.content).toContain('owner');
});
