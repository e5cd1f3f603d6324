import { parseLine } from '../../simulator/interactions/line';
import { SlashCommandBuilder } from 'discord.js';
import type { Simulator } from '../../simulator';
import { call, createHarbour } from './support';

const harbour = createHarbour();
let discord: Simulator;

const ticket = new SlashCommandBuilder()
  .setName('ticket')
  .setDescription('Tickets')
  .addSubcommand((sub) =>
    sub
      .setName('close')
      .setDescription('Closes')
      .addIntegerOption((option) =>
        option.setName('id').setDescription('Id').setRequired(true).setMinValue(1),
      )
      .addStringOption((option) => option.setName('reason').setDescription('Why').setMaxLength(30))
      .addBooleanOption((option) => option.setName('quiet').setDescription('Quietly')),
  )
  .addSubcommandGroup((group) =>
    group
      .setName('tag')
      .setDescription('Tags')
      .addSubcommand((sub) =>
        sub
          .setName('add')
          .setDescription('Adds')
          .addUserOption((option) => option.setName('who').setDescription('Who'))
          .addChannelOption((option) => option.setName('where').setDescription('Where'))
          .addRoleOption((option) => option.setName('role').setDescription('Role'))
          .addMentionableOption((option) => option.setName('any').setDescription('Any'))
          .addNumberOption((option) => option.setName('weight').setDescription('Weight'))
          .addAttachmentOption((option) => option.setName('file').setDescription('File')),
      ),
  );
const stats = new SlashCommandBuilder()
  .setName('통계')
  .setDescription('Numbers')
  .addStringOption((option) =>
    option
      .setName('period')
      .setDescription('Period')
      .setRequired(true)
      .addChoices({ name: 'a day', value: '24h' }),
  );

beforeAll(async () => {
  discord = await harbour.start();
  const path = `/applications/${discord.applicationId}/commands`;
  const answer = await call(discord, 'PUT', path, [ticket.toJSON(), stats.toJSON()]);
  expect(answer.status).toBe(200);
});
afterAll(() => harbour.close());

/** Name and text of each option, as the line is read. */
function read(line: string): unknown {
  const { nesting, options } = parseLine(line, discord.commands());
  return [nesting.map(({ name }) => name), options.map(({ definition, text }) => [definition.name, text])];
}

describe('a line that a user types', () => {
  it('may hold spaces, quotes, colons and addresses in its texts', () => {
    expect(read('/ticket close id:7 reason:too old by far quiet:true')).toEqual([
      ['close'],
      [
        ['id', '7'],
        ['reason', 'too old by far'],
        ['quiet', 'true'],
      ],
    ]);
    expect(read('/ticket close reason:"a id:9 \\"b\\"" id:7')).toEqual([
      ['close'],
      [
        ['reason', 'a id:9 "b"'],
        ['id', '7'],
      ],
    ]);
    expect(read('/ticket close reason:see https://x.y/ at 10:30')).toEqual([
      ['close'],
      [['reason', 'see https://x.y/ at 10:30']],
    ]);
    expect(read('/통계 period:a day')).toEqual([[], [['period', 'a day']]]);
  });

  it('says which word Discord does not know', () => {
    const kim = discord.user('kim');
    expect(() => kim.type('/tickets')).toThrow(
      'No command "/tickets" is registered here. There are: /ticket, /통계.',
    );
    expect(() => kim.type('/ticket open')).toThrow(/no subcommand "open". There are: close, tag/);
    expect(() => kim.type('/ticket tag remove')).toThrow(/\/ticket tag: no subcommand "remove"/);
    expect(() => kim.type('/ticket close number:7')).toThrow(
      /no option "number".*options: id, reason, quiet/,
    );
    expect(() => kim.type('/ticket close 7')).toThrow(
      '"7" belongs to no option; options: id, reason, quiet. Write /ticket close id:7',
    );
    expect(() => kim.type('/ticket close id:7 id:8')).toThrow(/given twice/);
  });

  it('is held to the types and limits of the options', () => {
    const kim = discord.user('kim');
    expect(() => kim.type('/ticket close')).toThrow(/option "id" is required/);
    expect(() => kim.type('/ticket close id:seven')).toThrow(/"id": "seven" is not a whole number/);
    expect(() => kim.type('/ticket close id:0')).toThrow(/between 1 and/);
    expect(() => kim.type('/ticket close id:7 quiet:maybe')).toThrow(/neither true nor false/);
    expect(() => kim.type(`/ticket close id:7 reason:${'x'.repeat(31)}`)).toThrow(/0 to 30 characters/);
    expect(() => kim.type('/통계 period:week')).toThrow(/not one of a day/);
    expect(() => kim.type('/ticket tag add who:@nobody-here')).toThrow(/nobody and nothing called/);
    expect(() => kim.complete('/ticket close id:7')).toThrow(/no autocomplete/);
  });

  it('reaches the bot with everything that it mentions', async () => {
    const { client, discord: other } = await harbour.connect();
    await client.application.commands.set([ticket]);
    const seen: unknown[] = [];
    client.on('interactionCreate', (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      const { options } = interaction;
      seen.push(options.getSubcommandGroup(), options.getSubcommand(), options.getUser('who')?.username);
      seen.push(
        options.getChannel('where')?.name,
        options.getRole('role')?.name,
        options.getNumber('weight'),
      );
      seen.push(options.getAttachment('file')?.size, options.getMentionable('any') !== null);
    });
    other.user('lee');
    other.user('kim').type('/ticket tag add who:@lee where:#bots role:@crew any:lee weight:1.5 file:a.txt', {
      files: { 'a.txt': 'hello' },
    });
    await other.until(() => seen.length > 0);
    expect(seen).toEqual(['tag', 'add', 'lee', 'bots', 'crew', 1.5, 5, true]);
  });
});
