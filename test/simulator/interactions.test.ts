import {
  ActionRowBuilder,
  ApplicationCommandType,
  ButtonBuilder,
  ButtonStyle,
  ContextMenuCommandBuilder,
  EmbedBuilder,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  SlashCommandBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
  UserSelectMenuBuilder,
  type Client,
} from 'discord.js';
import type { Simulator } from '../../simulator';
import { answerWith, call, createHarbour } from './support';

const harbour = createHarbour();
let discord: Simulator;
let client: Client<true>;
let clock = 0;

const COMMANDS = [
  new SlashCommandBuilder().setName('ping').setDescription('Answers'),
  new SlashCommandBuilder()
    .setName('find')
    .setDescription('Finds')
    .addStringOption((option) => option.setName('what').setDescription('What').setAutocomplete(true)),
  new ContextMenuCommandBuilder().setName('Report').setType(ApplicationCommandType.Message),
  new ContextMenuCommandBuilder().setName('Profile').setType(ApplicationCommandType.User),
];

beforeAll(async () => {
  ({ discord, client } = await harbour.connect({ now: () => Date.now() + clock, deadlineMs: 3_000 }));
  await client.application.commands.set(COMMANDS);
});
afterAll(() => harbour.close());
beforeEach(() => {
  clock = 0;
});

const row = <Component extends ButtonBuilder | StringSelectMenuBuilder | UserSelectMenuBuilder>(
  ...components: Component[]
) => new ActionRowBuilder<Component>().addComponents(components);

describe('what a user sees of a command', () => {
  it('is the reply, with its embeds', async () => {
    answerWith(client, async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      const { resource } = await interaction.reply({
        content: 'pong',
        embeds: [new EmbedBuilder().setTitle('Title')],
        withResponse: true,
      });
      await resource?.message?.edit('pong!');
    });
    const exchange = discord.user('kim').type('/ping');
    await exchange.until(({ messages }) => messages[0]?.edited === true);
    expect(exchange.messages[0]).toMatchObject({
      content: 'pong!',
      ephemeral: false,
      embeds: [{ title: 'Title' }],
    });
    expect(exchange.state.kind).toBe('answered');
    expect(exchange.callbacks).toMatchObject([{ type: 4, status: 200, code: null }]);
    expect(discord.channelMessages(exchange.channelId).at(-1)?.content).toBe('pong!');
  });

  it('is "thinking", then the edit, as ephemeral as the deferral', async () => {
    const states: unknown[] = [];
    const exchangeOf = () => discord.user('kim').type('/ping');
    answerWith(client, async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.deferReply({ flags: MessageFlags.Ephemeral });
      states.push(exchange.state, exchange.messages.length);
      await interaction.editReply('done');
      await interaction.followUp('for all');
      await interaction.followUp({ content: 'for you', flags: MessageFlags.Ephemeral });
      states.push((await interaction.fetchReply()).content);
      await interaction.deleteReply();
    });
    const exchange = exchangeOf();
    const first = await exchange.message();
    await exchange.until(() => first.deleted);
    expect(states).toEqual([{ kind: 'thinking', ephemeral: true }, 0, 'done']);
    expect(first.ephemeral).toBe(true);
    expect(exchange.messages.map(({ content, ephemeral }) => [content, ephemeral])).toEqual([
      ['for all', false],
      ['for you', true],
    ]);
    const others = discord.channelMessages(exchange.channelId, discord.user('lee')).map((one) => one.content);
    expect(others).toContain('for all');
    expect(others).not.toContain('for you');
    const own = discord.channelMessages(exchange.channelId, discord.user('kim')).map((one) => one.content);
    expect(own).toContain('for you');
  });

  it('is a file that can be downloaded byte by byte', async () => {
    const bytes = Buffer.from([0, 13, 10, 45, 45, 255, 13, 10]);
    answerWith(client, (interaction) =>
      interaction.isChatInputCommand()
        ? interaction.reply({ files: [{ attachment: bytes, name: 'a "b".bin' }] })
        : null,
    );
    const { attachments } = await discord.user('kim').type('/ping').message();
    expect(attachments).toMatchObject([{ size: bytes.length }]);
    const file = await fetch(attachments[0]!.url);
    expect(Buffer.from(await file.arrayBuffer()).equals(bytes)).toBe(true);
  });

  it('are suggestions for what is being typed', async () => {
    answerWith(client, async (interaction) => {
      if (!interaction.isAutocomplete()) return;
      const { name, value } = interaction.options.getFocused(true);
      await interaction.respond([{ name: `${name}=${value}`, value: 'x' }]);
    });
    const state = await discord.user('kim').complete('/find what:pi').answer();
    expect(state).toEqual({ kind: 'choices', choices: [{ name: 'what=pi', value: 'x' }] });
  });

  it('reaches the bot with who, where, when and in which language', async () => {
    const seen: unknown[] = [];
    answerWith(client, (interaction) => {
      seen.push(interaction.user.username, interaction.locale, interaction.inGuild(), interaction.channelId);
      seen.push(interaction.createdTimestamp);
    });
    const createdAt = Date.now() - 1_000;
    const kim = discord.user('kim-ko', { locale: 'ko' });
    const exchange = kim.type('/ping', { dm: true, createdAt });
    await discord.until(() => seen.length === 5);
    expect(seen).toEqual(['kim-ko', 'ko', false, exchange.channelId, createdAt]);
  });

  it('is what a context menu on a message or a user gives', async () => {
    answerWith(client, async (interaction) => {
      if (interaction.isMessageContextMenuCommand())
        await interaction.reply(`reported ${interaction.targetMessage.content}`);
      if (interaction.isUserContextMenuCommand())
        await interaction.reply(`profile ${interaction.targetUser.username}`);
    });
    const target = discord.user('lee').say('spam');
    expect((await discord.user('kim').menu('Report', { target }).message()).content).toBe('reported spam');
    const profile = discord.user('kim').menu('Profile', { target: discord.user('lee') });
    expect((await profile.message()).content).toBe('profile lee');
    expect(() => discord.user('kim').menu('report', { target })).toThrow(/There are: Report/);
  });
});

describe('what a user does with components', () => {
  const panel = {
    content: 'panel',
    components: [
      row(
        new ButtonBuilder().setCustomId('go').setLabel('Go').setStyle(ButtonStyle.Primary),
        new ButtonBuilder().setCustomId('off').setLabel('Off').setStyle(ButtonStyle.Danger).setDisabled(true),
      ),
      row(new StringSelectMenuBuilder().setCustomId('pick').addOptions({ label: 'A', value: 'a' })),
      row(new UserSelectMenuBuilder().setCustomId('who')),
    ],
  };

  it('updates the message, at once or after a deferral, or adds to it', async () => {
    answerWith(client, async (interaction) => {
      if (interaction.isChatInputCommand()) await interaction.reply(panel);
      if (interaction.isButton()) await interaction.update({ content: 'pressed' });
      if (interaction.isStringSelectMenu()) {
        await interaction.deferUpdate();
        await interaction.editReply({ content: `picked ${interaction.values[0]}` });
      }
      if (interaction.isUserSelectMenu())
        await interaction.reply(`chose ${interaction.users.first()?.username}`);
    });
    const kim = discord.user('kim');
    const message = await kim.type('/ping').message();
    await kim.press(message, 'go').message();
    expect(message.content).toBe('pressed');
    await kim.select(message, 'pick', ['a']).message();
    expect(message).toMatchObject({ content: 'picked a', edited: true });
    expect((await kim.select(message, 'who', ['lee']).message()).content).toBe('chose lee');
  });

  it('is refused where a user could not do it either', async () => {
    answerWith(client, async (interaction) => {
      if (interaction.isChatInputCommand())
        await interaction.reply({ ...panel, flags: MessageFlags.Ephemeral });
    });
    const kim = discord.user('kim');
    const message = await kim.type('/ping').message();
    expect(() => kim.press(message, 'nope')).toThrow(/no component "nope". It has: go, off, pick, who/);
    expect(() => kim.press(message, 'off')).toThrow(/disabled/);
    expect(() => kim.press(message, 'pick')).toThrow(/not a button/);
    expect(() => kim.select(message, 'pick', ['b'])).toThrow(/no option "b"/);
    expect(() => discord.user('lee').press(message, 'go')).toThrow(/does not see/);
  });

  it('fills in a modal and sends it', async () => {
    const input = new TextInputBuilder().setCustomId('reason').setStyle(TextInputStyle.Short);
    const label = new LabelBuilder().setLabel('Reason').setTextInputComponent(input);
    const modal = new ModalBuilder().setCustomId('close:7').setTitle('Close').addLabelComponents(label);
    answerWith(client, async (interaction) => {
      if (interaction.isChatInputCommand()) await interaction.showModal(modal);
      if (interaction.isModalSubmit()) {
        await interaction.reply(`${interaction.customId} ${interaction.fields.getTextInputValue('reason')}`);
      }
    });
    const kim = discord.user('kim');
    const exchange = kim.type('/ping');
    expect(await exchange.answer()).toMatchObject({ kind: 'modal', modal: { title: 'Close' } });
    expect((await kim.submit(exchange, { reason: 'done' }).message()).content).toBe('close:7 done');
    expect(() => kim.submit(exchange, { other: 'x' })).toThrow(/no field "other". It has: reason/);
    expect(() => kim.submit(exchange, {})).toThrow(/"reason" is required/);
  });
});

describe("Discord's rules for answers", () => {
  it('refuses a second answer (40060)', async () => {
    const errors = answerWith(client, async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.reply('one');
      await client.rest.post(`/interactions/${interaction.id}/${interaction.token}/callback`, {
        auth: false,
        body: { type: 4, data: { content: 'two' } },
      });
    });
    const exchange = discord.user('kim').type('/ping');
    await exchange.until(({ callbacks }) => callbacks.length === 2);
    await discord.until(() => errors.length === 1);
    expect(errors).toMatchObject([{ code: 40060, status: 400 }]);
    expect(exchange.callbacks.map((attempt) => attempt.code)).toEqual([null, 40060]);
  });

  it('refuses an answer that comes later than 3 s (10062)', async () => {
    const errors = answerWith(client, async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      clock += 3_001;
      await interaction.reply('too late');
    });
    const exchange = discord.user('kim').type('/ping');
    expect(await exchange.answer()).toEqual({ kind: 'did_not_respond' });
    await discord.until(() => errors.length === 1);
    expect(errors).toMatchObject([{ code: 10062, status: 404 }]);
    await expect(exchange.message()).rejects.toThrow(/did not respond/);
  });

  it('judges the delay by the creation of an interaction, not by its delivery', async () => {
    answerWith(client, (interaction) => interaction.isChatInputCommand() && interaction.reply('late'));
    const late = discord.user('kim').type('/ping', { createdAt: Date.now() - 3_500 });
    expect(await late.answer()).toEqual({ kind: 'did_not_respond' });
    const early = discord.user('kim').type('/ping', { createdAt: Date.now() - 1_000 });
    expect((await early.message()).content).toBe('late');
  });

  it('lets a token die after 15 minutes (50027)', async () => {
    const errors = answerWith(client, async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.reply('one');
      clock += 900_001;
      await interaction.followUp('too late');
    });
    discord.user('kim').type('/ping');
    await discord.until(() => errors.length === 1);
    expect(errors).toMatchObject([{ code: 50027, status: 401 }]);
  });

  it('refuses answers that do not fit the interaction, and takes a fitting one after that', async () => {
    answerWith(client, () => undefined);
    const exchange = discord.user('kim').type('/ping');
    const path = `/interactions/${exchange.id}/${exchange.token}/callback`;
    for (const type of [1, 6, 7, 8, 99]) {
      const { status, body } = await call(discord, 'POST', path, { type });
      expect([status, body.code]).toEqual([400, 50035]);
    }
    const empty = await call(discord, 'POST', path, { type: 4, data: { content: ' ' } });
    expect(empty.body.code).toBe(50006);
    const early = await call(discord, 'POST', `/webhooks/${discord.applicationId}/${exchange.token}`, {
      content: 'x',
    });
    expect([early.status, early.body.code]).toEqual([404, 10015]);
    expect((await call(discord, 'POST', path, { type: 5 })).status).toBe(204);
    expect((await call(discord, 'POST', '/interactions/1/nobody/callback', { type: 5 })).body.code).toBe(
      10062,
    );
  });

  it('puts the first follow-up in the place of "thinking", as ephemeral as that was', async () => {
    answerWith(client, () => undefined);
    const exchange = discord.user('kim').type('/ping');
    const callback = `/interactions/${exchange.id}/${exchange.token}/callback?with_response=true`;
    const deferral = await call(discord, 'POST', callback, {
      type: 5,
      data: { flags: MessageFlags.Ephemeral },
    });
    expect(deferral.body).toMatchObject({
      interaction: { response_message_loading: true, response_message_ephemeral: true },
      resource: { type: 5, message: { flags: MessageFlags.Ephemeral | MessageFlags.Loading } },
    });
    const webhook = `/webhooks/${discord.applicationId}/${exchange.token}`;
    await call(discord, 'POST', webhook, { content: 'in its place' });
    await call(discord, 'POST', webhook, { content: 'beside it' });
    expect(exchange.state.kind).toBe('answered');
    expect(exchange.messages).toMatchObject([
      { content: 'in its place', ephemeral: true, edited: false },
      { content: 'beside it', ephemeral: false },
    ]);
  });

  it('lets nobody wait for an answer that never comes', async () => {
    const quick = await harbour.start({ deadlineMs: 20 });
    const exchange = quick.user('kim').invoke({ name: 'nobody-is-connected' });
    expect(await exchange.answer()).toEqual({ kind: 'did_not_respond' });
  });
});
