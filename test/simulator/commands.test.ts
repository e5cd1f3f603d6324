import { ApplicationIntegrationType, SlashCommandBuilder, type APIApplicationCommand } from 'discord.js';
import type { Simulator } from '../../simulator';
import { call, createHarbour } from './support';

const harbour = createHarbour();
let discord: Simulator;
let path = '';
let clock = 0;

beforeEach(async () => {
  clock = 0;
  discord = await harbour.start({ now: () => Date.now() + clock });
  path = `/applications/${discord.applicationId}/commands`;
});
afterEach(() => harbour.close());

const text = (name: string, more = {}) => ({ type: 3, name, description: 'd', ...more });
const named = (name: string, more = {}) => ({ name, description: 'd', ...more });

describe('registering commands', () => {
  it('gives them back as Discord keeps them, so that a bot can tell what has changed', async () => {
    const { client } = await harbour.connect({});
    const builder = new SlashCommandBuilder()
      .setName('통계')
      .setDescription('Numbers')
      .setIntegrationTypes(ApplicationIntegrationType.GuildInstall)
      .setNameLocalizations({ de: 'zahlen' })
      .addStringOption((option) =>
        option.setName('period').setDescription('Period').addChoices({ name: 'a', value: 'b' }),
      );
    // As it goes over the wire: without the builder's undefined fields.
    const wanted = JSON.parse(JSON.stringify(builder)) as APIApplicationCommand;
    const registered = (await client.application.commands.set([builder])).first();
    expect(registered?.equals(wanted)).toBe(true);
    const fetched = (await client.application.commands.fetch({ withLocalizations: true })).first();
    expect(fetched?.equals(wanted)).toBe(true);
    expect(fetched?.id).toBe(registered?.id);
    await client.application.commands.set([]);
    expect((await client.application.commands.fetch()).size).toBe(0);
  });

  it('fills in and leaves out what Discord does', async () => {
    const body = [
      named('a', { options: [text('x', { required: false, name_localizations: { ko: '엑스' } })] }),
    ];
    await call(discord, 'PUT', path, body);
    const plain = (await call(discord, 'GET', path)).body as unknown;
    expect(plain).toEqual([
      {
        id: expect.stringMatching(/^\d+$/),
        application_id: discord.applicationId,
        version: expect.stringMatching(/^\d+$/),
        type: 1,
        name: 'a',
        name_localizations: null,
        description: 'd',
        description_localizations: null,
        default_member_permissions: null,
        dm_permission: true,
        contexts: null,
        integration_types: [0],
        nsfw: false,
        options: [{ type: 3, name: 'x', description: 'd' }],
      },
    ]);
    const full = (await call(discord, 'GET', `${path}?with_localizations=true`)).body as unknown;
    expect(full).toMatchObject([{ options: [{ name_localizations: { ko: '엑스' } }] }]);
  });

  it('keeps the id of a command that stays, and apart what is registered in one server', async () => {
    const [guild] = discord.guilds;
    await call(discord, 'PUT', path, [named('a'), named('b')]);
    const before = discord.commands().map(({ id }) => id);
    await call(discord, 'PUT', path, [named('b', { description: 'new' }), named('c')]);
    expect(discord.commands()[0]).toMatchObject({ id: before[1], description: 'new' });
    const inGuild = `/applications/${discord.applicationId}/guilds/${guild!.id}/commands`;
    expect((await call(discord, 'POST', inGuild, named('only-here'))).status).toBe(201);
    expect((await call(discord, 'POST', inGuild, named('only-here'))).status).toBe(200);
    expect(discord.commands(guild!.id).map(({ name }) => name)).toEqual(['only-here']);
    expect(discord.commands().map(({ name }) => name)).toEqual(['b', 'c']);
    await discord.registered(['b', 'only-here']);
  });

  it('tells which writes there were, and none for a refused or reading request', async () => {
    await call(discord, 'GET', path);
    await call(discord, 'PUT', path, [named('Bad')]);
    expect(discord.commandWrites).toEqual([]);
    const { id } = (await call(discord, 'POST', path, named('a'))).body;
    const one = `${path}/${String(id)}`;
    expect((await call(discord, 'PATCH', one, { description: 'other' })).body.description).toBe('other');
    expect((await call(discord, 'DELETE', one)).status).toBe(204);
    expect((await call(discord, 'GET', one)).body.code).toBe(10063);
    expect(discord.commandWrites).toEqual([
      { method: 'POST', path },
      { method: 'PATCH', path: one },
      { method: 'DELETE', path: one },
    ]);
  });

  it('lets 200 be made a day, and no more (30034)', async () => {
    const many = (prefix: string) => Array.from({ length: 100 }, (_, index) => named(`${prefix}${index}`));
    await call(discord, 'PUT', path, many('a'));
    await call(discord, 'PUT', path, many('b'));
    expect((await call(discord, 'PUT', path, many('b'))).status).toBe(200);
    const refused = await call(discord, 'PUT', path, [named('one-more')]);
    expect([refused.status, refused.body.code]).toEqual([429, 30034]);
    clock += 86_400_000;
    expect((await call(discord, 'PUT', path, [named('one-more')])).status).toBe(200);
  });
});

describe('a command that Discord does not take', () => {
  it.each([
    ['a name in upper case', named('Ping'), '0.name'],
    ['a name with a space', named('a b'), '0.name'],
    ['a long name', named('a'.repeat(33)), '0.name'],
    ['no name', { description: 'd' }, '0.name'],
    ['no description', { name: 'a' }, '0.description'],
    ['a long description', named('a', { description: 'x'.repeat(101) }), '0.description'],
    ['an unknown language', named('a', { name_localizations: { xx: 'a' } }), '0.name_localizations'],
    ['a bad translation', named('a', { name_localizations: { de: 'A b' } }), '0.name_localizations.de'],
    ['26 options', named('a', { options: Array.from({ length: 26 }, (_, n) => text(`o${n}`)) }), '0.options'],
    ['an unknown type of option', named('a', { options: [text('o', { type: 12 })] }), '0.options.0.type'],
    ['two options of a name', named('a', { options: [text('o'), text('o')] }), '0.options.1.name'],
    [
      'a required option last',
      named('a', { options: [text('o'), text('p', { required: true })] }),
      '0.options.1',
    ],
    [
      '26 choices',
      named('a', {
        options: [
          text('o', { choices: Array.from({ length: 26 }, (_, n) => ({ name: `${n}`, value: `${n}` })) }),
        ],
      }),
      '0.options.0.choices',
    ],
    [
      'a text as a choice of a number',
      named('a', { options: [text('o', { type: 4, choices: [{ name: 'a', value: 'a' }] })] }),
      '0.options.0.choices.0.value',
    ],
    [
      'choices and autocomplete',
      named('a', { options: [text('o', { autocomplete: true, choices: [{ name: 'a', value: 'a' }] })] }),
      '0.options.0',
    ],
    [
      'a subcommand beside an option',
      named('a', { options: [text('o'), { type: 1, name: 's', description: 'd' }] }),
      '0.options',
    ],
    [
      'a group without subcommands',
      named('a', { options: [{ type: 2, name: 'g', description: 'd' }] }),
      '0.options.0.options',
    ],
    [
      'a subcommand in a subcommand',
      named('a', {
        options: [
          { type: 1, name: 's', description: 'd', options: [{ type: 1, name: 't', description: 'd' }] },
        ],
      }),
      '0.options.0.options.0',
    ],
    ['a menu with a description', named('Menu', { type: 2 }), '0.description'],
  ])('has %s (50035)', async (_what, command, where) => {
    const { status, body } = await call(discord, 'PUT', path, [command]);
    expect([status, body.code]).toEqual([400, 50035]);
    expect(body.errors).toHaveProperty(`${where}._errors.0.code`);
    expect(discord.commands()).toEqual([]);
  });

  it('is a second one of the same name, or the 101st', async () => {
    const twice = await call(discord, 'PUT', path, [named('a'), named('a')]);
    expect(twice.body.errors).toHaveProperty('1._errors.0.code', 'APPLICATION_COMMANDS_DUPLICATE_NAME');
    const many = Array.from({ length: 101 }, (_, index) => named(`c${index}`));
    expect((await call(discord, 'PUT', path, many)).body.code).toBe(30032);
  });

  it('may be named in Korean, and a menu as it likes', async () => {
    const { status } = await call(discord, 'PUT', path, [named('통계'), { type: 3, name: 'Report This' }]);
    expect(status).toBe(200);
  });
});
