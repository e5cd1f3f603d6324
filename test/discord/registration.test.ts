import {
  ApplicationCommandType,
  ChannelType,
  ContextMenuCommandBuilder,
  InteractionContextType,
  PermissionFlagsBits,
  REST,
  SlashCommandBuilder,
  type RESTPostAPIApplicationCommandsJSONBody as Command,
} from 'discord.js';
import { registerCommands, type RegistrationOptions } from '../../src/discord/registration';
import type { Simulator } from '../../simulator';
import { keepingLogger, type LoggedLine } from '../pipeline/support';
import { createHarbour } from '../simulator/support';

const harbour = createHarbour();
let discord: Simulator;
let rest: REST;

beforeEach(async () => {
  discord = await harbour.start({ guilds: [{ name: 'Harbour' }, { name: 'Quay' }] });
  rest = new REST({ api: discord.apiUrl, retries: 1 }).setToken(discord.token);
});
afterEach(async () => {
  rest.clearHashSweeper();
  rest.clearHandlerSweeper();
  await harbour.close();
});

async function register(
  commands: readonly Command[],
  options: Partial<RegistrationOptions> = {},
): Promise<readonly LoggedLine[]> {
  const { logger, lines } = keepingLogger();
  const { applicationId } = discord;
  await registerCommands({
    rest,
    applicationId,
    guildIds: [],
    keepUnknown: false,
    logger,
    commands,
    ...options,
  });
  return lines;
}

const simple = (name: string, description = 'Any.'): Command => ({ name, description });
const names = (guildId?: string): string[] => discord.commands(guildId).map((one) => one.name);
const writes = (): string[] => discord.commandWrites.map(({ method }) => method);
const versions = (): Record<string, string> =>
  Object.fromEntries(discord.commands().map(({ name, version }) => [name, version]));

/** A command with everything that a builder can say. */
const everything = new SlashCommandBuilder()
  .setName('everything')
  .setNameLocalizations({ ko: '전부', 'en-GB': null })
  .setDescription('All there is.')
  .setDescriptionLocalizations({ ko: '있는 것은 다', de: 'Alles' })
  .setDefaultMemberPermissions(PermissionFlagsBits.ManageGuild)
  .setContexts(InteractionContextType.Guild, InteractionContextType.BotDM)
  .setNSFW(true)
  .addStringOption((option) =>
    option
      .setName('text')
      .setNameLocalizations({ ko: '글' })
      .setDescription('Text.')
      .setDescriptionLocalizations({ ko: '글자' })
      .setRequired(true)
      .setChoices(
        { name: 'one', value: '1', name_localizations: { ko: '하나' } },
        { name: 'two', value: '2' },
      ),
  )
  .addStringOption((option) =>
    option.setName('typed').setDescription('Typed.').setMinLength(1).setMaxLength(9).setAutocomplete(true),
  )
  .addIntegerOption((option) => option.setName('int').setDescription('I.').setMinValue(0).setMaxValue(10))
  .addNumberOption((option) => option.setName('num').setDescription('N.').setMinValue(-0.5).setMaxValue(0))
  .addBooleanOption((option) => option.setName('flag').setDescription('F.').setRequired(false))
  .addUserOption((option) => option.setName('user').setDescription('U.'))
  .addChannelOption((option) =>
    option
      .setName('channel')
      .setDescription('C.')
      .addChannelTypes(ChannelType.GuildVoice, ChannelType.GuildText),
  )
  .addRoleOption((option) => option.setName('role').setDescription('R.'))
  .addMentionableOption((option) => option.setName('mention').setDescription('M.'))
  .addAttachmentOption((option) => option.setName('file').setDescription('A.'));

const nested = new SlashCommandBuilder()
  .setName('nested')
  .setDescription('Deep.')
  .setDefaultMemberPermissions(0)
  .addSubcommand((one) =>
    one
      .setName('one')
      .setDescription('One.')
      .addIntegerOption((o) => o.setName('n').setDescription('N.')),
  )
  .addSubcommandGroup((group) =>
    group
      .setName('group')
      .setDescription('Group.')
      .addSubcommand((two) => two.setName('two').setDescription('Two.')),
  );

const COMMANDS: readonly Command[] = [
  everything.toJSON(),
  nested.toJSON(),
  new ContextMenuCommandBuilder().setName('Who is it').setType(ApplicationCommandType.User).toJSON(),
  new ContextMenuCommandBuilder().setName('Quote').setType(ApplicationCommandType.Message).toJSON(),
  ...['ping', 'pong'].map((name) => simple(name)),
];

function altered(change: (commands: Command[]) => void): Command[] {
  const copy = JSON.parse(JSON.stringify(COMMANDS)) as Command[];
  change(copy);
  return copy;
}

it('the first start writes all commands at once', async () => {
  expect(await register(COMMANDS)).toMatchObject([{ level: 'info' }]);
  expect(writes()).toEqual(['PUT']);
  expect(names()).toEqual(COMMANDS.map(({ name }) => name));
});

it('the second start writes nothing, whatever the commands say', async () => {
  await register(COMMANDS);
  const lines = await register(altered((commands) => commands.reverse()));
  expect(writes()).toEqual(['PUT']);
  expect(lines).toMatchObject([{ level: 'info', message: expect.stringContaining('nothing to write') }]);
});

type Edit = (everything: Record<string, unknown> & { options: Record<string, unknown>[] }) => void;

it.each<[string, Edit]>([
  ['a description', (it) => (it.description = 'Other.')],
  ['a translation', (it) => (it.name_localizations = { ko: '모두' })],
  ['a translation that is gone', (it) => delete it.description_localizations],
  ['who may use it', (it) => (it.default_member_permissions = '8')],
  ['that everyone may use it', (it) => delete it.default_member_permissions],
  ['where it works', (it) => (it.contexts = [0])],
  ['that it is for everyone’s eyes', (it) => (it.nsfw = false)],
  ['whether an option is required', (it) => delete it.options[0]?.required],
  ['the order of choices', (it) => (it.options[0]!.choices as unknown[]).reverse()],
  ['a lowest value of 0 that is gone', (it) => delete it.options[2]?.min_value],
  ['an option’s translation', (it) => (it.options[0]!.description_localizations = { ko: '말' })],
  ['autocompletion', (it) => (it.options[1]!.autocomplete = false)],
  ['a type of channel', (it) => (it.options[6]!.channel_types = [0])],
  ['an option that is gone', (it) => it.options.pop()],
])('one change is one write, and touches no other command: %s', async (_, edit) => {
  await register(COMMANDS);
  const before = versions();
  const edited = altered(([first]) => edit(first as unknown as Parameters<Edit>[0]));
  await register(edited);
  expect(writes()).toEqual(['PUT', 'POST']);
  const after = versions();
  expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual(['everything']);

  await register(edited);
  expect(writes()).toEqual(['PUT', 'POST']);
});

it('a restriction that is taken away is taken away on Discord too', async () => {
  await register([{ ...simple('ping'), contexts: [InteractionContextType.Guild] }]);
  await register([simple('ping')]);
  expect(discord.commands()[0]?.contexts ?? null).toBeNull();
});

it('a user’s menu and a slash command of one name are two commands', async () => {
  const both = [simple('ping'), { name: 'ping', type: ApplicationCommandType.User } as const];
  await register(both);
  await register(both);
  expect(writes()).toEqual(['PUT']);
  expect(names()).toEqual(['ping', 'ping']);
});

it('a command whose file is gone is gone from Discord', async () => {
  await register([simple('ping'), simple('old')]);
  await register([simple('ping')]);
  expect(names()).toEqual(['ping']);
});

it('a command whose module is broken today keeps its place, and with it the permissions that admins gave it', async () => {
  await register([everything.toJSON(), simple('ping')]);
  const [place] = discord.commands();
  await register([simple('ping')], { keepUnknown: true });
  expect(writes()).toEqual(['PUT']);
  await register([simple('ping', 'a'), ...['b', 'c', 'd', 'e'].map((name) => simple(name))], {
    keepUnknown: true,
  });
  expect(writes()).toEqual(['PUT', 'PUT']);
  const [line] = await register([simple('ping', 'a')], { keepUnknown: true });
  expect(line?.message).toBe(
    'All 1 commands are registered everywhere; nothing to write. Discord has 5 more, which stay: they may belong to ' +
      'modules that could not be loaded.',
  );
  const kept = discord.commands().find(({ name }) => name === 'everything');
  expect(kept?.id).toBe(place?.id);
  expect({ ...kept, version: '' }).toEqual({ ...place, version: '' });
});

it('the command that opens an Activity survives a write of the whole list', async () => {
  const entryPoint = {
    id: '9',
    version: '8',
    application_id: '7',
    type: 4,
    name: 'launch',
    handler: 2,
    contexts: null,
  };
  const put = jest.fn(() => Promise.resolve([]));
  const get = (): Promise<unknown> => Promise.resolve([entryPoint, { ...simple('old'), type: 1, id: '6' }]);
  await register([simple('ping')], { rest: { get, put, post: put } });
  const body = [simple('ping'), { type: 4, name: 'launch', handler: 2, contexts: null }];
  expect(put.mock.calls).toEqual([[expect.any(String), { body }]]);
});

describe('in servers', () => {
  const [harbourId, quayId] = [0, 1].map((index) => () => discord.guilds[index]?.id ?? '');

  it('commands are registered there, and not everywhere', async () => {
    await register([simple('ping')], { guildIds: [harbourId!()] });
    expect([names(), names(harbourId!()), names(quayId!())]).toEqual([[], ['ping'], []]);
    await register([simple('ping')], { guildIds: [harbourId!()] });
    expect(writes()).toEqual(['PUT']);
  });

  it('one that the bot is not in does not keep it out of the next', async () => {
    const lines = await register([simple('ping')], { guildIds: ['123456789012345678', quayId!()] });
    expect(names(quayId!())).toEqual(['ping']);
    expect(lines.map(({ level }) => level)).toEqual(['error', 'info']);
    expect(lines[0]?.message).toContain('123456789012345678');
  });
});

describe('a refusal of Discord’s', () => {
  it('of one command does not keep another from being removed', async () => {
    await register([simple('good'), simple('old')]);
    const long = { ...simple('long'), description: 'x'.repeat(101) };
    await register([simple('good'), long]);
    expect(names()).toEqual(['good']);
  });

  it('of one command is logged with its name, and keeps no other out', async () => {
    const long = { ...simple('long'), description: 'x'.repeat(101) };
    const lines = await register([simple('good'), long, simple('better')]);
    expect(names().toSorted()).toEqual(['better', 'good']);
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        message: 'Discord refuses the command "long".',
        fields: expect.objectContaining({ error: expect.objectContaining({ status: 400 }) }),
      }),
    );
  });

  it.each([
    ['GET', 403, 50001],
    ['GET', 500, 0],
    ['PUT', 500, 0],
  ])('of the %s with %d is logged with what to do, and the bot goes on', async (method, status, code) => {
    discord.faults.rest({ method, path: /commands$/, status, code, message: 'No.' });
    const [line, ...others] = await register([simple('ping')]);
    expect(others).toEqual([]);
    expect(line).toMatchObject({ level: 'error', fields: { error: { status } } });
    expect(line?.message).toMatch(/could not be registered everywhere.*applications\.commands/);
  });
});
