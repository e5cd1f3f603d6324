import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createForeignStage, fixtureBot, REGISTERED, until } from './support';

const stage = createForeignStage();
afterAll(() => stage.clear());

/** All that is written below a directory. */
function contents(directory: string): string {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map(({ parentPath, name }) => readFileSync(path.join(parentPath, name), 'latin1'))
    .join('\n');
}

it('what users type to a bot of somebody else’s is in no log and no database, not even if it awaits a form', async () => {
  const discord = await stage.discord();
  const bot = await stage.start({ bot: fixtureBot('leaky.js'), node: REGISTERED, discord });
  await bot.printed('ready');
  const kim = discord.user('kim');
  const options = [{ type: 3, name: 'text', value: 'a spoken secret' }] as const;
  const said = await kim.invoke({ name: 'say', options }).message();
  await kim.press(said, 'again').answer();
  const form = kim.invoke({ name: 'form' });
  await form.until(({ state }) => state.kind === 'modal');
  await kim.submit(form, { text: 'a written secret' }).message();
  const isWritten = (): Promise<boolean> => Promise.resolve(contents(bot.directory).includes('cannot send'));
  await until(isWritten, () => 'the line of the second failure');
  bot.kill('SIGTERM');
  await bot.ended;
  const text = contents(bot.directory);
  expect(text).toContain('cannot say [redacted]');
  expect(text).toContain('cannot repeat [redacted]');
  expect(text).toContain('cannot send [redacted]');
  expect(text).not.toMatch(/spoken secret|written secret/);
});
