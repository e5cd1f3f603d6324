import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  PermissionFlagsBits,
  SlashCommandBuilder,
  type ChatInputCommandInteraction,
  type Client,
} from 'discord.js';
import * as health from '../../../commands/health';
import * as ping from '../../../commands/ping';
import * as stats from '../../../commands/stats';
import type { SayOptions } from '../../../simulator/types';
import type { SimulatedMessage, SimulatedUser, Simulator } from '../../../simulator';
import type { CommandModule } from '../../../src/discord/command';
import type { InvocationSettled } from '../../../src/telemetry/event';
import { fakeReadModels } from '../../commands/support';
import { createHarbour } from '../../simulator/support';
import { serve, waitFor, type Served } from '../support';

/** Commands that are called in a message: what the user gets to see, and what is counted. */

const harbour = createHarbour();
let discord: Simulator;
let client: Client<true>;
let kim: SimulatedUser;
let served: Served;

const order: CommandModule = {
  text: true,
  cooldown: 0.001,
  data: new SlashCommandBuilder()
    .setName('order')
    .setDescription('Orders.')
    .addSubcommand((drink) =>
      drink
        .setName('drink')
        .setDescription('Orders a drink.')
        .addStringOption((size) =>
          size
            .setName('size')
            .setDescription('How big.')
            .setRequired(true)
            .addChoices({ name: 'Small cup', value: 's' }, { name: 'Large cup', value: 'l' }),
        )
        .addIntegerOption((cups) =>
          cups.setName('cups').setDescription('How many.').setMinValue(1).setMaxValue(9),
        )
        .addNumberOption((sugar) => sugar.setName('sugar').setDescription('Grams.'))
        .addBooleanOption((hot) => hot.setName('hot').setDescription('Hot?'))
        .addUserOption((who) => who.setName('who').setDescription('For whom.'))
        .addChannelOption((where) => where.setName('where').setDescription('Where to.'))
        .addRoleOption((crew) => crew.setName('crew').setDescription('Whose.'))
        .addAttachmentOption((label) => label.setName('label').setDescription('Its label.'))
        .addStringOption((note) => note.setName('note').setDescription('Anything else.').setMaxLength(40)),
    )
    .addSubcommand((nothing) => nothing.setName('nothing').setDescription('Orders nothing.')),
  async execute(interaction: ChatInputCommandInteraction) {
    const { options } = interaction;
    if (options.getSubcommand() === 'nothing') return interaction.reply('@everyone nothing');
    const seen = {
      size: options.getString('size', true),
      cups: options.getInteger('cups'),
      sugar: options.getNumber('sugar'),
      hot: options.getBoolean('hot'),
      who: options.getUser('who')?.username,
      where: options.getChannel('where')?.name,
      crew: options.getRole('crew')?.name,
      label: options.getAttachment('label')?.name,
      note: options.getString('note'),
    };
    return interaction.reply(JSON.stringify(seen));
  },
};

let act: (interaction: ChatInputCommandInteraction) => unknown = () => undefined;
const stage: CommandModule = {
  text: true,
  data: { name: 'stage', description: 'Does what the test wants.', name_localizations: { ko: '무대' } },
  execute: (interaction: ChatInputCommandInteraction) => act(interaction),
};
const moderate: CommandModule = {
  text: true,
  data: new SlashCommandBuilder()
    .setName('moderate')
    .setDescription('For administrators.')
    .setDefaultMemberPermissions(PermissionFlagsBits.Administrator),
  execute: (interaction: ChatInputCommandInteraction) => interaction.reply('moderated'),
};
const silent: CommandModule = {
  data: { name: 'silent', description: 'No text command.' },
  execute: (interaction: ChatInputCommandInteraction) => interaction.reply('never'),
};

beforeAll(async () => {
  ({ discord, client } = await harbour.connect(
    {},
    { intents: ['Guilds', 'GuildMessages', 'DirectMessages'], partials: [1] },
  ));
});
beforeEach(() => {
  kim = discord.user(`kim ${expect.getState().currentTestName}`);
  const { readModels } = fakeReadModels({ statsPublic: true });
  const modules = [order, stage, moderate, silent, ping, stats, health];
  served = serve(client, modules, { readModels });
});
afterAll(() => harbour.close());

const PRESS = new ActionRowBuilder<ButtonBuilder>().addComponents(
  new ButtonBuilder().setCustomId('press').setLabel('Press').setStyle(ButtonStyle.Primary),
);

/** Resolves once all that was said before has been heard; what was counted before it. */
async function heard(): Promise<readonly InvocationSettled[]> {
  const before = [...served.settled];
  const { one } = await say('@bot ping', { channel: 'bots' });
  expect(served.settled.slice(before.length)).toEqual([one]);
  return before;
}

/** Says it, and gives what was counted and the bot's newest message in the channel. */
async function say(text: string, options?: SayOptions) {
  const said = kim.say(text, options);
  await waitFor(() => served.settled.some(({ interactionId }) => interactionId === said.id));
  const one = served.settled.find(({ interactionId }) => interactionId === said.id)!;
  return { said, one, answer: newest(said) };
}

function newest(said: SimulatedMessage): SimulatedMessage | undefined {
  return discord
    .channelMessages(said.channelId)
    .filter(({ id, author }) => author.name === 'bot' && BigInt(id) > BigInt(said.id))
    .at(-1);
}

const ok = (command: string): Partial<InvocationSettled> => ({
  command,
  kind: 'text',
  outcome: { kind: 'ok' },
  ack: null,
  deadline: null,
  lateness: null,
});

describe('the bot’s own commands', () => {
  it.each(['@bot ping', '  @bot   PING ', '@bot 핑'])('%j answers', async (text) => {
    const { one, answer, said } = await say(text);
    expect(answer?.content).toMatch(/^Pong!/);
    expect(one).toMatchObject({
      ...ok('ping'),
      userId: kim.id,
      channelId: said.channelId,
      guildId: said.guildId,
    });
  });

  it('statistics are shown by mention as by slash, with options by name and by position', async () => {
    for (const text of ['@bot stats', '@bot stats 7d', '@bot stats period:7d', '@bot stats 기간:7d']) {
      const { one, answer } = await say(text);
      expect(one).toMatchObject(ok('stats'));
      expect(answer?.embeds).toHaveLength(1);
    }
  });

  it('health is for the user alone: it goes to their direct messages, and the channel is told so', async () => {
    const { one, answer } = await say('@bot health');
    expect(one).toMatchObject(ok('health'));
    expect(answer).toMatchObject({ content: 'I have answered you in a direct message.', embeds: [] });
    const [direct] = discord.channelMessages(kim.say('thanks', { dm: true }).channelId);
    expect(direct?.embeds).toHaveLength(1);
  });

  it('what is for the user alone is told to nobody where they take no direct messages', async () => {
    const closed = discord.faults.rest({ path: /^\/users\/@me\/channels$/, status: 403, code: 50007 });
    const { one, answer } = await say('@bot health');
    closed.remove();
    expect(answer?.content).toMatch(/Allow direct messages/);
    expect(answer?.embeds).toEqual([]);
    expect(one).toMatchObject({ outcome: { kind: 'refused', reason: 'user_error' } });
  });

  it('in direct messages no mention is needed', async () => {
    expect((await say('ping', { dm: true })).answer?.content).toMatch(/^Pong!/);
    expect((await say('@bot health', { dm: true })).answer?.embeds).toHaveLength(1);
  });
});

describe('what is not a call', () => {
  it('people may talk of the bot, to it, and past it: nothing is answered or counted', async () => {
    const first = kim.say('look at this @bot ping');
    const bots = discord.applicationId;
    kim.say('@everyone ping');
    kim.say('@bot, how are you?');
    kim.say('@bot nonsense');
    kim.say('@bot silent');
    discord.emit('MESSAGE_CREATE', { ...raw(first, bots), author: { id: '77', username: 'x', bot: true } });
    discord.emit('MESSAGE_CREATE', { ...raw(first, bots), id: '1', webhook_id: '78' });
    expect(await heard()).toEqual([]);
    expect(newest(first)).toBeUndefined();
  });

  it('a reply to the bot pings it, and calls nothing', async () => {
    const { answer } = await say('@bot ping');
    const reply = kim.say('ping', { replyTo: answer! });
    expect(await heard()).toHaveLength(1);
    expect(newest(reply)).toBeUndefined();
  });

  it('a bare mention is answered with what can be said, once a minute in a channel', async () => {
    const first = kim.say('@bot', { channel: 'alerts' });
    await waitFor(() => newest(first) !== undefined);
    const help = newest(first);
    expect(help?.content).toContain('`ping`, `stats`, `health`');
    expect(help?.content).not.toContain('silent');
    kim.say('@bot', { channel: 'alerts' });
    expect(await heard()).toEqual([]);
    expect(newest(first)).toBe(help);
  });
});

const raw = (message: SimulatedMessage, botId: string): object => ({
  id: '2',
  type: 0,
  channel_id: message.channelId,
  guild_id: message.guildId,
  author: { id: kim.id, username: 'kim', discriminator: '0', avatar: null },
  content: `<@${botId}> ping`,
  timestamp: new Date().toISOString(),
  edited_timestamp: null,
  tts: false,
  mention_everyone: false,
  mentions: [],
  mention_roles: [],
  attachments: [],
  embeds: [],
  components: [],
  pinned: false,
  channel_type: 0,
});

describe('options', () => {
  it('of every type are read, by position and by name', async () => {
    const [channel] = discord.guilds[0]!.channels;
    const role = client.guilds.cache.first()!.roles.cache.find(({ name }) => name === 'crew')!;
    const { answer } = await say(
      `@bot order drink "large CUP" 3 2.5 yes <@${kim.id}> <#${channel!.id}> <@&${role.id}> no ice, please`,
      { files: { 'label.txt': 'x' } },
    );
    expect(JSON.parse(answer!.content)).toEqual({
      size: 'l',
      cups: 3,
      sugar: 2.5,
      hot: true,
      who: kim.name,
      where: channel!.name,
      crew: 'crew',
      label: 'label.txt',
      note: 'no ice, please',
    });
    const named = await say('@bot order drink note:“by itself: cold” cups:1 S');
    expect(JSON.parse(named.answer!.content)).toMatchObject({ size: 's', cups: 1, note: 'by itself: cold' });
  });

  it.each([
    ['order drink', /`size` is missing.*`@bot order drink <size> \[cups\]/],
    ['order drink xl', /`size` should be one of s, l\./],
    ['order drink s 10', /`cups` should be a whole number from 1 to 9\./],
    ['order drink s 1.5', /`cups` should be a whole number/],
    ['order drink s 1 much', /`sugar` should be a number\./],
    ['order drink s 1 1 perhaps', /`hot` should be yes or no/],
    ['order drink s who:nobody', /`who` should be a user, mentioned with @/],
    ['order drink s where:here', /`where` should be a channel/],
    ['order drink s crew:all', /`crew` should be a role/],
    [`order drink s note:${'x'.repeat(41)}`, /`note` should be a text of at most 40 characters\./],
    ['order nothing at all', /more than this command takes.*`@bot order nothing`/],
    ['order', /Say which one: `@bot order drink <size> .*`, `@bot order nothing`/],
  ])('%j is refused with how it is written', async (text, expected) => {
    const { one, answer } = await say(`@bot ${text}`);
    expect(answer?.content).toMatch(expected);
    expect(one).toMatchObject({ kind: 'text', outcome: { kind: 'refused', reason: 'user_error' } });
  });

  it('a command pings nobody, whatever it says', async () => {
    const { one, answer } = await say('@bot order nothing');
    expect(answer?.content).toBe('@everyone nothing');
    const channel = await client.channels.fetch(answer!.channelId);
    const sent = channel?.isTextBased() === true ? await channel.messages.fetch(answer!.id) : null;
    expect(sent?.mentions.everyone).toBe(false);
    expect(sent?.mentions.users.size).toBe(0);
    expect(one).toMatchObject(ok('order nothing'));
  });
});

describe('what a command may do', () => {
  it('all ways of answering end in messages', async () => {
    act = async (interaction) => {
      await interaction.deferReply();
      await interaction.editReply('one');
      const more = await interaction.followUp('two');
      await interaction.editReply({ content: 'two, edited', message: more });
      await interaction.editReply({ content: 'one, edited' });
      const gone = await interaction.followUp('three');
      await interaction.deleteReply(gone);
      expect((await interaction.fetchReply()).content).toBe('one, edited');
      await expect(interaction.reply('again')).rejects.toMatchObject({ code: 'InteractionAlreadyReplied' });
    };
    const { one, said } = await say('@bot stage');
    expect(one).toMatchObject(ok('stage'));
    const answers = discord.channelMessages(said.channelId).filter(({ id }) => BigInt(id) > BigInt(said.id));
    expect(answers.map(({ content }) => content)).toEqual(['one, edited', 'two, edited']);
  });

  it('it sees where it is and who asks, as ever', async () => {
    const seen: unknown[] = [];
    act = (interaction) => {
      seen.push(interaction.isChatInputCommand(), interaction.inGuild(), interaction.inCachedGuild());
      seen.push(interaction.user.id, interaction.member?.user.id, interaction.guild?.name);
      seen.push(
        interaction.channel?.id,
        interaction.commandName,
        interaction.locale,
        interaction.client === client,
      );
      seen.push(interaction.memberPermissions?.has('SendMessages'), interaction.isRepliable());
      return interaction.reply('seen');
    };
    const { said } = await say('@bot 무대');
    expect(seen.slice(0, 3)).toEqual([true, true, true]);
    expect(seen.slice(3, 6)).toEqual([kim.id, kim.id, 'Harbour']);
    expect(seen.slice(6)).toEqual([said.channelId, 'stage', 'en-US', true, true, true]);
  });

  it('buttons under the answer can be collected, and lead back to the run', async () => {
    act = async (interaction) => {
      const { resource } = await interaction.reply({
        content: 'press',
        components: [PRESS],
        withResponse: true,
      });
      const press = await resource!.message!.awaitMessageComponent({ time: 2000 });
      await press.update('pressed');
    };
    const said = kim.say('@bot stage');
    await waitFor(() => newest(said) !== undefined && client.listenerCount('interactionCreate') > 1);
    const press = kim.press(newest(said)!, 'press');
    await waitFor(() => served.settled.length === 2);
    const [run, pressed] = ['text', 'button'].map((kind) => served.settled.find((one) => one.kind === kind));
    expect(newest(said)?.content).toBe('pressed');
    expect(pressed).toMatchObject({ interactionId: press.id, command: 'stage', parentTraceId: run?.traceId });
  });

  it('a press that comes long after leads back to the run all the same', async () => {
    act = (interaction) => interaction.reply({ content: 'press', components: [PRESS] });
    const said = kim.say('@bot stage');
    await waitFor(() => served.settled.length === 1);
    const press = kim.press(newest(said)!, 'press');
    await waitFor(() => served.settled.length === 2);
    const [run, pressed] = served.settled;
    expect(pressed).toMatchObject({
      interactionId: press.id,
      command: '_other',
      parentTraceId: run?.traceId,
    });
  });

  it('a modal cannot be shown: the user is led to the slash command', async () => {
    act = (interaction) => interaction.showModal({ custom_id: 'x', title: 'x', components: [] });
    const { one, answer } = await say('@bot stage');
    expect(answer?.content).toMatch(/`\/stage`/);
    expect(one).toMatchObject({ outcome: { kind: 'refused', reason: 'user_error' } });
  });

  it('a failure is told with a reference, and nothing of what it was', async () => {
    act = () => Promise.reject(new Error('secret-detail'));
    const { one, answer } = await say('@bot stage');
    expect(answer?.content).toMatch(/^Something went wrong\. Reference: `4bf92f35`/);
    expect(one).toMatchObject({
      kind: 'text',
      outcome: { kind: 'failed', reason: 'exception' },
      deadline: null,
    });
  });
});

describe('who may', () => {
  it('a command for administrators is not open to everybody who can write', async () => {
    const { one, answer } = await say('@bot moderate');
    expect(answer?.content).toBe('You may not use this command here.');
    expect(one).toMatchObject({ command: 'moderate', outcome: { kind: 'refused', reason: 'permission' } });
    kim = discord.owner;
    expect((await say('@bot moderate')).answer?.content).toBe('moderated');
  });

  it('a bot that is going says so', async () => {
    served.router.stop();
    const { one, answer } = await say('@bot ping');
    expect(answer?.content).toMatch(/restarting/);
    expect(one).toMatchObject({ outcome: { reason: 'shutting_down' } });
  });

  it('a message that was deleted meanwhile is answered all the same', async () => {
    act = async (interaction) => {
      await (
        interaction.channel as unknown as { messages: { cache: Map<string, { delete(): Promise<unknown> }> } }
      ).messages.cache
        .get(interaction.id)!
        .delete()
        .catch(() => undefined);
      await interaction.reply('still here');
    };
    const { answer } = await say('@bot stage');
    expect(answer?.content).toBe('still here');
  });
});
