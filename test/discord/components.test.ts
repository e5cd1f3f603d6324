import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  ChannelSelectMenuBuilder,
  LabelBuilder,
  ModalBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
  UserSelectMenuBuilder,
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  type Client,
  type MessageActionRowComponentBuilder,
  type ModalSubmitInteraction,
} from 'discord.js';
import type { Exchange, SimulatedMessage, SimulatedUser, Simulator } from '../../simulator';
import type { CommandContext, CommandModule, ComponentInteraction } from '../../src/discord/command';
import { createCommandTable } from '../../src/discord/commands';
import { fakeReadModels } from '../commands/support';
import { createHarbour } from '../simulator/support';
import { loadedFrom, serve, waitFor } from './support';

/** Buttons, selects and modals that a module declares, from the click to what is counted. */

const harbour = createHarbour();
let discord: Simulator;
let client: Client<true>;
let kim: SimulatedUser;
let served: ReturnType<typeof serve>;

const row = (component: MessageActionRowComponentBuilder) =>
  new ActionRowBuilder<MessageActionRowComponentBuilder>().addComponents(component);
const button = (customId: string) =>
  new ButtonBuilder().setCustomId(customId).setLabel('Press').setStyle(ButtonStyle.Primary);

const echo = async (interaction: ComponentInteraction, { params }: CommandContext): Promise<void> => {
  const values = interaction.isAnySelectMenu() ? interaction.values : [];
  await interaction.reply({ content: JSON.stringify({ params, values }) });
};

/** A form, and an answer to it in the place of the message that led there. */
const form = new ModalBuilder()
  .setCustomId('desk:form:7')
  .setTitle('Why')
  .addLabelComponents(
    new LabelBuilder()
      .setLabel('Why')
      .setTextInputComponent(new TextInputBuilder().setCustomId('why').setStyle(TextInputStyle.Short)),
  );

const desk: CommandModule = {
  data: { name: 'desk', description: 'Has buttons.' },
  cooldown: 3600,
  async execute(interaction: ChatInputCommandInteraction) {
    await interaction.reply({
      content: 'the desk',
      components: [
        row(button('desk:press:42')),
        row(
          new StringSelectMenuBuilder().setCustomId('desk:pick:s').addOptions({ label: 'Red', value: 'red' }),
        ),
        row(new UserSelectMenuBuilder().setCustomId('desk:pick:u')),
        row(new ChannelSelectMenuBuilder().setCustomId('desk:pick:c')),
        new ActionRowBuilder<ButtonBuilder>().addComponents(
          ['open', 'throw', 'defer', 'no', 'nobody'].map((what) => button(`desk:${what}`)),
        ),
      ],
    });
  },
  components: {
    'desk:press:{id}': echo,
    'desk:pick:{what}': echo,
    'desk:form:{id}': async (interaction: ModalSubmitInteraction, { params }: CommandContext) => {
      if (!interaction.isFromMessage()) throw new Error('the form was opened by a button');
      await interaction.update({
        content: `form ${params.id}: ${interaction.fields.getTextInputValue('why')}`,
      });
    },
    'desk:open': (interaction: ButtonInteraction) => interaction.showModal(form),
    'desk:throw': () => {
      throw new Error('secret-detail');
    },
    'desk:defer': async (interaction: ButtonInteraction) => {
      await interaction.deferUpdate();
      throw new Error('secret-detail');
    },
    'desk:no': (_interaction, { refuse }) => refuse('There is none left.'),
  },
};

const safe: CommandModule = {
  ownerOnly: true,
  data: { name: 'safe', description: 'For the owner.' },
  execute: (interaction: ChatInputCommandInteraction) =>
    interaction.reply({ content: 'the safe', components: [row(button('safe:open'))] }),
  components: { 'safe:open': echo },
};

beforeAll(async () => {
  ({ discord, client } = await harbour.connect());
  await client.application.commands.set([desk, safe].map((module) => loadedFrom(module).data));
});
beforeEach(() => {
  kim = discord.user(`kim ${expect.getState().currentTestName}`);
  const boss = discord.user('boss').id;
  const { readModels } = fakeReadModels();
  served = serve(client, [desk, safe], { readModels, isOwner: (userId) => userId === boss });
});
afterAll(() => harbour.close());

async function settled(exchange: Exchange): Promise<object> {
  await waitFor(() => served.settled.some(({ interactionId }) => interactionId === exchange.id));
  return served.settled.find(({ interactionId }) => interactionId === exchange.id)!;
}

const openDesk = (): Promise<SimulatedMessage> => kim.type('/desk').message();

it('a button leads to its handler, with what its custom id carries', async () => {
  const press = kim.press(await openDesk(), 'desk:press:42');
  expect((await press.message()).content).toBe('{"params":{"id":"42"},"values":[]}');
  expect(await settled(press)).toMatchObject({
    command: 'desk:press',
    kind: 'button',
    outcome: { kind: 'ok' },
    ack: { kind: 'reply' },
    deadline: 'met',
    userId: kim.id,
  });
});

it('every kind of select leads to its handler, with what was chosen', async () => {
  const message = await openDesk();
  const chosen: readonly (readonly [string, string])[] = [
    ['desk:pick:s', 'red'],
    ['desk:pick:u', kim.id],
    ['desk:pick:c', discord.guilds[0]!.channels[0]!.id],
  ];
  for (const [customId, value] of chosen) {
    const select = kim.select(message, customId, [value]);
    const { params, values } = JSON.parse((await select.message()).content) as Record<string, unknown>;
    expect({ params, values }).toEqual({ params: { what: customId.at(-1) }, values: [value] });
    expect(await settled(select)).toMatchObject({ command: 'desk:pick', kind: 'select' });
  }
});

it('a modal opened by a button changes the message that the button is on', async () => {
  const message = await openDesk();
  const open = kim.press(message, 'desk:open');
  await open.answer();
  expect(await settled(open)).toMatchObject({ command: 'desk:open', kind: 'button', ack: { kind: 'modal' } });
  const submit = kim.submit(open, { why: 'because' });
  await submit.answer();
  expect(message.content).toBe('form 7: because');
  expect(await settled(submit)).toMatchObject({
    command: 'desk:form',
    kind: 'modal',
    outcome: { kind: 'ok' },
    ack: { kind: 'update' },
  });
});

it.each(['throw', 'defer'])(
  'a handler that fails (%s) leaves the message as it was; the user hears of it in private',
  async (what) => {
    const message = await openDesk();
    const press = kim.press(message, `desk:${what}`);
    const told = await press.until(({ messages }) => messages.some(({ ephemeral }) => ephemeral));
    expect(told.messages.filter(({ ephemeral }) => ephemeral).map(({ content }) => content)).toEqual([
      'Something went wrong. Reference: `4bf92f35`. Give it to support, and they can find out what happened.',
    ]);
    expect(message).toMatchObject({ content: 'the desk', deleted: false, edited: false });
    expect(await settled(press)).toMatchObject({
      command: `desk:${what}`,
      outcome: { kind: 'failed', reason: 'exception' },
      ack: { kind: what === 'defer' ? 'defer' : 'reply' },
    });
  },
);

it('a refusal is shown to the one who pressed alone, and is no failure', async () => {
  const message = await openDesk();
  const press = kim.press(message, 'desk:no');
  expect(await press.message()).toMatchObject({ content: 'There is none left.', ephemeral: true });
  expect(message.edited).toBe(false);
  expect(await settled(press)).toMatchObject({ outcome: { kind: 'refused', reason: 'user_error' } });
});

it('who may not use a command may not press its buttons either', async () => {
  const message = await discord.user('boss').type('/safe').message();
  const press = kim.press(message, 'safe:open');
  expect(await press.message()).toMatchObject({ content: expect.stringMatching(/owner/), ephemeral: true });
  expect(await settled(press)).toMatchObject({ outcome: { kind: 'refused', reason: 'owner_only' } });
  const allowed = discord.user('boss').press(message, 'safe:open');
  expect((await allowed.message()).content).toBe('{"params":{},"values":[]}');
});

it('a cooldown of the command does not hold up its buttons', async () => {
  const message = await openDesk();
  for (let i = 0; i < 2; i += 1) {
    expect(await settled(kim.press(message, 'desk:press:42'))).toMatchObject({ outcome: { kind: 'ok' } });
  }
});

it('a custom id without a route is left to whoever collects it', async () => {
  const message = await openDesk();
  const collected = new Promise<ButtonInteraction>((resolve) =>
    client.once('interactionCreate', (interaction) => {
      if (interaction.isButton()) resolve(interaction);
    }),
  );
  const press = kim.press(message, 'desk:nobody');
  await (await collected).reply('collected');
  expect((await press.message()).content).toBe('collected');
  await settled(kim.press(message, 'desk:press:42'));
  expect(served.settled.filter(({ kind }) => kind === 'button')).toHaveLength(1);
});

it('a bot that is going says so to whoever presses', async () => {
  const message = await openDesk();
  served.router.stop();
  const press = kim.press(message, 'desk:press:42');
  expect(await press.message()).toMatchObject({
    content: expect.stringMatching(/restarting/),
    ephemeral: true,
  });
  expect(await settled(press)).toMatchObject({ command: 'desk:press', outcome: { reason: 'shutting_down' } });
});

it('the series of every route start at 0 for whatever may lead there', () => {
  const { loadedEvent } = createCommandTable({ commands: [safe].map(loadedFrom), loaded: 1, failed: [] });
  expect(loadedEvent.names).toEqual([
    { command: 'safe', kind: 'chat_input' },
    { command: 'safe:open', kind: 'button' },
    { command: 'safe:open', kind: 'select' },
    { command: 'safe:open', kind: 'modal' },
  ]);
});
