import type { Interaction } from 'discord.js';
import { createNames, declaredRoutes, type Known } from '../../src/discord/instrument/names';

/** As much of an interaction as a name is made of. */
const command = (commandName: string): Interaction => ({ commandName }) as unknown as Interaction;
const component = (customId: string): Interaction => ({ customId }) as unknown as Interaction;
const nothing: Known = { isHeld: () => false, hasCommand: () => false };

it('a component counts under its declared route, else under the command that put it there', () => {
  const names = createNames(declaredRoutes(['ticket:close:{id}']), nothing);
  const counted = (customId: string, parent: string | null): string =>
    names.of(component(customId), parent).countedIf(true);
  expect(counted('ticket:close:42', 'ticket open')).toBe('ticket:close');
  expect(counted('page_next', 'ticket open')).toBe('ticket open');
  expect(counted('1234', 'ticket open')).toBe('ticket open');
});

it('what users type into custom ids never becomes a label, whatever the bot does with it', () => {
  const names = createNames(declaredRoutes(['vote:{candidate}']), nothing);
  for (const id of ['Alice-vote', 'hunter_secret', 'confirm', '1234', 'a1b2-x', 'x', '', '한글', '_other']) {
    for (const parent of [null, '_other']) {
      const name = names.of(component(id), parent);
      expect([name.counted, name.countedIf(true), name.countedIf(false)]).toEqual(Array(3).fill('_other'));
    }
  }
  expect(names.of(component('Alice-vote'), null).shown).toBe('Alice');
});

it('a component of no known command counts under what the bot itself calls it by', () => {
  const held = new Set(['confirm_delete', 'confirm-42', '']);
  const names = createNames(declaredRoutes(['vote:{candidate}']), {
    isHeld: (interaction) => 'customId' in interaction && held.has(interaction.customId),
    hasCommand: (name) => name === 'ticket',
  });
  const counted = (customId: string): string => names.of(component(customId), null).countedIf(false);
  expect(counted('confirm_delete')).toBe('confirm_delete');
  expect(counted('ticket_close-42')).toBe('ticket');
  expect(counted('vote-ada')).toBe('vote');
  expect(counted('confirm-42')).toBe('_other'); // Made for one message: its key has an id in it.
  expect(counted('')).toBe('_other');
});

it('a command that was only ever answered lends its name to its components too', () => {
  const names = createNames([], nothing);
  expect(names.of(component('poll-42'), null).counted).toBe('_other');
  names.of(command('poll'), null).countedIf(true);
  expect(names.of(component('poll-42'), null).counted).toBe('poll');
});

it('a name counts from when the bot knows it, or has done something with it, and never gets lost', () => {
  const names = createNames([], {
    ...nothing,
    isHeld: (interaction) => 'commandName' in interaction && interaction.commandName === 'ping',
  });
  expect(names.of(command('ping'), null).counted).toBe('ping');
  expect(names.of(command('other'), null).countedIf(false)).toBe('_other');
  expect(names.of(command('other'), null).countedIf(true)).toBe('other');
  expect(names.of(command('other'), null).counted).toBe('other');
});

it('the set of names is closed, whatever comes', () => {
  const names = createNames([], { ...nothing, isHeld: () => true });
  const counted = new Set<string>();
  for (let n = 0; n < 3000; n += 1) {
    const word = String(n).replace(/\d/g, (digit) => 'abcdefghij'.charAt(Number(digit)));
    counted.add(names.of(component(`x${word}`), null).countedIf(true));
  }
  expect(counted.size).toBe(51);
  expect(counted).toContain('_other');
});

it('a route that is wrong is said when the bot starts', () => {
  expect(() => declaredRoutes(['{id}'])).toThrow('its route "{id}" should begin with a text');
});
