import { ComponentType, type Client } from 'discord.js';
import * as forgetMe from '../../commands/forget-me';
import type { SimulatedMessage, Simulator } from '../../simulator';
import { StoreUnavailableError } from '../../src/stats/stats';
import { loadedFrom, serve } from '../discord/support';
import { createHarbour } from '../simulator/support';
import { fakeReadModels } from './support';

/** A user has what is kept of them removed, and nobody else's. */

const harbour = createHarbour();
let discord: Simulator;
let client: Client<true>;

beforeAll(async () => {
  ({ discord, client } = await harbour.connect());
  await client.application.commands.set([loadedFrom(forgetMe).data]);
});
afterAll(() => harbour.close());

/** @param removed what the store answers. */
function open(removed: () => Promise<number>): readonly string[] {
  const forgotten: string[] = [];
  const forgetUser = (userId: string): Promise<number> => {
    forgotten.push(userId);
    return removed();
  };
  serve(client, [forgetMe], { readModels: fakeReadModels({ privacy: { forgetUser } }).readModels });
  return forgotten;
}

function button(message: SimulatedMessage, label: string): string {
  for (const row of message.components) {
    if (row.type !== ComponentType.ActionRow) continue;
    for (const one of row.components) {
      if (one.type === ComponentType.Button && 'custom_id' in one && one.label === label)
        return one.custom_id;
    }
  }
  throw new Error(`There is no button "${label}".`);
}

it('says what is kept and removes nothing until it is told to', async () => {
  const forgotten = open(() => Promise.resolve(3));
  const message = await discord.user('kim').type('/forget-me').message();
  expect(message.ephemeral).toBe(true);
  expect(message.content).toMatch(/keyed hash[\s\S]*The totals stay/);
  await discord.user('kim').press(message, button(message, 'Keep them')).answer();
  expect(message).toMatchObject({ content: 'Nothing was removed.', components: [] });
  expect(forgotten).toEqual([]);
});

it.each([
  [0, 'There was nothing stored of you.'],
  [1, 'Removed: one record of yours.'],
  [1_234, 'Removed: 1,234 records of yours.'],
])('says that %d records were removed, those of the user who asked', async (count, sentence) => {
  const forgotten = open(() => Promise.resolve(count));
  const kim = discord.user('kim');
  const message = await kim.type('/forget-me').message();
  const exchange = kim.press(message, button(message, 'Remove my records'));
  await exchange.until(() => message.edited);
  expect(message.content).toContain(sentence);
  expect(message.components).toEqual([]);
  expect(forgotten).toEqual([kim.id]);
});

it('says so when it cannot be done now, and can be pressed again', async () => {
  open(() => Promise.reject(new StoreUnavailableError('no such host db.internal')));
  const kim = discord.user('kim');
  const message = await kim.type('/forget-me').message();
  const press = kim.press(message, button(message, 'Remove my records'));
  const { messages } = await press.until((one) => one.messages.some(({ id }) => id !== message.id));
  expect(messages.at(-1)).toMatchObject({
    content: 'Your records cannot be removed right now. Try again in a minute.',
    ephemeral: true,
  });
  expect(message).toMatchObject({ edited: false, components: [expect.anything()] });
});

it('is said in Korean to Koreans', async () => {
  open(() => Promise.resolve(2));
  const kim = discord.user('김', { locale: 'ko' });
  const message = await kim.type('/forget-me').message();
  await kim.press(message, button(message, '내 기록 삭제')).until(() => message.edited);
  expect(message.content).toContain('기록 2건을 삭제했습니다');
});
