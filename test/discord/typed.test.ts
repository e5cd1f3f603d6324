import type { Interaction, Message } from 'discord.js';
import { addTyped, shareTyped, typedIn, typedInMessage, typedInParams } from '../../src/discord/typed';
import { wordsOf } from '../../src/discord/text/call';

/** Interactions as discord.js has them, as far as they are read here. */
const interaction = (parts: object): Interaction => parts as Interaction;
const file = { name: 'photo.png', url: 'https://cdn.example.org/photo.png' };
const DATA = {
  name: 'ticket',
  description: 'Tickets.',
  options: [
    {
      type: 1,
      name: 'close',
      description: 'Closes one.',
      options: [
        { type: 3, name: 'period', description: 'When.', choices: [{ name: 'a week', value: '7d' }] },
        { type: 4, name: 'level', description: 'How.', choices: [{ name: 'high', value: 9000 }] },
        { type: 3, name: 'why', description: 'Why.', choices: undefined },
      ],
    },
  ],
};

describe('what was typed', () => {
  it('is every free option and file at whatever depth; no choice, no member, no flag', () => {
    const options = [
      { type: 3, name: 'period', value: '7d' },
      { type: 4, name: 'level', value: 9000 },
      { type: 3, name: 'why', value: 'too old' },
      { type: 4, name: 'count', value: 4711 },
      { type: 10, name: 'ratio', value: 0.125 },
      { type: 6, name: 'who', value: '118000000000000000' },
      { type: 5, name: 'sure', value: true },
      { type: 11, name: 'file', value: '118000000000000001', attachment: file },
    ];
    const nested = interaction({ options: { data: [{ type: 1, name: 'close', options }] } });
    const typed = ['too old', '4711', '0.125', file.name, file.url];
    expect(typedIn(nested, DATA as never)).toEqual(typed);
    // Of a bot that is not ours, the choices are not known.
    expect(typedIn(nested)).toEqual(['7d', '9000', ...typed]);
  });

  it('is the texts and files of a form, and not what was selected in it', () => {
    const fields = new Map<string, object>([
      ['text', { type: 4, value: 'a confession' }],
      ['select', { type: 3, values: ['red'] }],
      ['files', { type: 19, values: ['1'], attachments: new Map([['1', file]]) }],
    ]);
    expect(typedIn(interaction({ fields: { fields } }))).toEqual(['a confession', file.name, file.url]);
  });

  it('is the message that a menu was opened on, and nothing for a button', () => {
    expect(typedIn(interaction({ targetMessage: { content: 'written earlier' } }))).toEqual([
      'written earlier',
    ]);
    expect(typedIn(interaction({ customId: 'ticket:close:1' }))).toEqual([]);
  });

  it('is the words behind a command in a message, each and as a whole, but for its choices', () => {
    const message = (content: string): Message =>
      ({ content, attachments: new Map([['1', file]]) }) as unknown as Message;
    const typedBehind = (words: string): readonly string[] =>
      typedInMessage(message(`@bot ticket close ${words}`), wordsOf(words), DATA);
    expect(typedBehind('why:"too old" period:7d')).toEqual([
      '@bot ticket close why:"too old" period:7d',
      'too old',
      file.name,
      file.url,
    ]);
    expect(typedBehind('period:7d')).toEqual([file.name, file.url]);
  });

  it('costs no command where an interaction is not what it should be, and is bounded', () => {
    const broken = interaction({
      options: {
        get data(): never {
          throw new Error('another copy of discord.js');
        },
      },
    });
    expect(typedIn(broken)).toEqual([]);
    const many = Array.from({ length: 100 }, (_, n) => ({ type: 3, name: `o${n}`, value: `value ${n}` }));
    expect(typedIn(interaction({ options: { data: many } }))).toHaveLength(25);
    const typed = ['first'];
    for (let n = 0; n < 100; n += 1) addTyped(typed, [`form ${n}`]);
    expect(typed).toHaveLength(50);
    expect(typed.at(-1)).toBe('form 99');
  });

  it('is what a custom id carries of it, and no id in it', () => {
    const ids = {
      snowflake: '118000000000000000',
      page: '2',
      hash: '0a1b2c3d4e',
      uuid: '550e8400-e29b-41d4-a716-446655440000',
    };
    expect(typedInParams(ids)).toEqual([]);
    const texts = { query: 'my secret', word: 'cafe', long: '1'.repeat(41) };
    expect(typedInParams(texts)).toEqual(Object.values(texts));
  });

  it('for a run is known to what its collector hears, and the other way round', () => {
    const [maker, press] = [['my secret'], ['in a form']];
    shareTyped(maker, press);
    expect([maker, press].map((typed) => [...typed].sort())).toEqual([
      ['in a form', 'my secret'],
      ['in a form', 'my secret'],
    ]);
    shareTyped(maker, maker);
    expect(maker).toHaveLength(2);
  });
});
