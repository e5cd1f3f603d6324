import { randomBytes } from 'node:crypto';
import {
  ActionRowBuilder,
  ApplicationCommandOptionType,
  ButtonBuilder,
  ButtonStyle,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  TextInputBuilder,
  TextInputStyle,
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  type Client,
  type CollectedInteraction,
  type Interaction,
  type MessageComponentInteraction,
} from 'discord.js';
import type { Exchange, SimulatedUser, Simulator } from '../../simulator';
import type { CommandModule } from '../../src/discord/command';
import type { InvocationSettled } from '../../src/telemetry/event';
import { fakeReadModels } from '../commands/support';
import { createHarbour } from '../simulator/support';
import { loadedFrom, serve, waitFor, type Served } from './support';

/** Collectors inside a command: each press is an invocation of its own, linked to the run that put the button there. */

const harbour = createHarbour();
let discord: Simulator;
let client: Client<true>;
let kim: SimulatedUser;
let served: Served;

const row = (...ids: string[]) =>
  new ActionRowBuilder<ButtonBuilder>().addComponents(
    ids.map((id) => new ButtonBuilder().setCustomId(id).setLabel(id).setStyle(ButtonStyle.Primary)),
  );
const form = new ModalBuilder()
  .setCustomId('any-form')
  .setTitle('Why')
  .addLabelComponents(
    new LabelBuilder()
      .setLabel('Why')
      .setTextInputComponent(new TextInputBuilder().setCustomId('why').setStyle(TextInputStyle.Short)),
  );

/** What the command does once its buttons are there; each test has its own. */
let play: (interaction: ChatInputCommandInteraction, message: CollectFrom) => unknown;
type CollectFrom = Awaited<ReturnType<ChatInputCommandInteraction['fetchReply']>>;
let flags: MessageFlags.Ephemeral | undefined;

const game: CommandModule = {
  data: {
    name: 'game',
    description: 'A game.',
    options: [
      {
        type: ApplicationCommandOptionType.Subcommand,
        name: 'play',
        description: 'Plays.',
        options: [{ type: ApplicationCommandOptionType.String, name: 'text', description: 'A text.' }],
      },
    ],
  },
  async execute(interaction: ChatInputCommandInteraction) {
    const { resource } = await interaction.reply({
      content: 'the game',
      components: [row('any', 'other', 'game:routed', 'game:pick:my secret')],
      withResponse: true,
      ...(flags === undefined ? {} : { flags }),
    });
    await play(interaction, resource!.message!);
  },
  components: {
    'game:routed': (interaction) => (interaction as ButtonInteraction).update('routed'),
    'game:pick:{what}': (interaction) => (interaction as ButtonInteraction).update('picked'),
  },
};

beforeAll(async () => {
  ({ discord, client } = await harbour.connect());
  await client.application.commands.set([loadedFrom(game).data]);
});
beforeEach(() => {
  kim = discord.user(`kim ${expect.getState().currentTestName}`);
  flags = undefined;
  served = serve(client, [{ ...game }], {
    readModels: fakeReadModels().readModels,
    newTraceId: () => randomBytes(16).toString('hex'),
  });
});
afterAll(() => harbour.close());

async function settled(exchange: Exchange): Promise<InvocationSettled> {
  await waitFor(() => served.settled.some(({ interactionId }) => interactionId === exchange.id));
  const found = served.settled.filter(({ interactionId }) => interactionId === exchange.id);
  expect(found).toHaveLength(1);
  return found[0]!;
}

/** Begins the game, and gives its message and run once the buttons are there. */
async function begin() {
  const run = kim.type('/game play');
  const message = await run.message();
  const put = await settled(run).catch(() => null);
  return { run, message, traceId: put?.traceId };
}
/** Resolves once somebody collects: a person is slower than a process. */
const collected = (): Promise<void> => waitFor(() => client.listenerCount('interactionCreate') > 1);
const collecting =
  (onCollect: (press: MessageComponentInteraction) => unknown, options = {}) =>
  (_interaction: unknown, message: CollectFrom): void => {
    message.createMessageComponentCollector({ time: 5000, ...options }).on('collect', onCollect);
  };

it('a press that a collector takes is counted under its command, and leads to the run that made it', async () => {
  play = collecting((press) => press.update('pressed'));
  const { message, traceId } = await begin();
  expect(served.opened).toEqual(['game play']);
  const press = kim.press(message, 'any');
  await press.answer();
  expect(message.content).toBe('pressed');
  const one = await settled(press);
  expect(one).toMatchObject({
    command: 'game play',
    kind: 'button',
    parentTraceId: traceId,
    outcome: { kind: 'ok' },
    ack: { kind: 'update' },
    deadline: 'met',
    userId: kim.id,
  });
  expect(one.traceId).not.toBe(traceId);
});

it.each([
  ['at once', () => fail('secret-detail')],
  ['later', () => new Promise((_, reject) => setImmediate(() => reject(new Error('secret-detail'))))],
])(
  'a listener that fails %s is a failure that the user is told of, and the process lives',
  async (_when, broken) => {
    const reported: unknown[] = [];
    client.on('error', (error) => reported.push(error));
    play = collecting(broken);
    const { message } = await begin();
    const press = kim.press(message, 'any');
    const told = await press.message();
    const one = await settled(press);
    expect(one).toMatchObject({ command: 'game play', outcome: { kind: 'failed', reason: 'exception' } });
    expect(told).toMatchObject({
      ephemeral: true,
      content: expect.stringContaining(one.traceId.slice(0, 8)),
    });
    client.removeAllListeners('error');
  },
);

it('what a listener throws is told of in its run alone: the client’s `error` would show what was typed', async () => {
  const reported: unknown[] = [];
  client.on('error', (error) => reported.push(error));
  play = collecting(() => fail('of the run'));
  const { message } = await begin();
  await settled(kim.press(message, 'any'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(reported).toEqual([]);
  client.removeAllListeners('error');
});

it('what was typed for a run counts as typed in what its collectors take', async () => {
  play = collecting((press) => press.update('pressed'));
  const message = await kim.type('/game play text:"my secret"').message();
  await collected();
  expect((await settled(kim.press(message, 'any'))).typed).toEqual(['my secret']);
});

it('what a custom id carries of what was typed counts as typed', async () => {
  play = () => undefined;
  const { message } = await begin();
  expect(await settled(kim.press(message, 'game:pick:my secret'))).toMatchObject({
    command: 'game:pick',
    typed: ['my secret'],
  });
});

const fail = (text: string): never => {
  throw new Error(text);
};

it('what is awaited takes from the press to the answer, and an answer that never comes is one', async () => {
  play = async (_interaction, message) => {
    const press = await message.awaitMessageComponent({ time: 5000 });
    await new Promise((resolve) => setTimeout(resolve, 60));
    await press.update('awaited');
    await message.awaitMessageComponent({ time: 5000 });
  };
  const run = kim.type('/game play');
  const message = await run.message();
  await collected();
  const press = kim.press(message, 'any');
  await press.until(() => message.content === 'awaited');
  const one = await settled(press);
  expect(one).toMatchObject({
    command: 'game play',
    kind: 'button',
    deadline: 'met',
    outcome: { kind: 'ok' },
  });
  expect(one.durationSeconds).toBeGreaterThan(0.055);
  await collected();
  const ignored = kim.press(message, 'other', { createdAt: Date.now() - 2700 });
  expect(await ignored.answer()).toEqual({ kind: 'did_not_respond' });
  expect(await settled(ignored)).toMatchObject({
    command: 'game play',
    outcome: { kind: 'failed', reason: 'unanswered' },
    deadline: 'unanswered',
  });
  // The run itself was not held up by it.
  expect((await settled(run)).traceId).toBe(one.parentTraceId);
});

it('a modal that is awaited is linked to the run that showed it, through a button too', async () => {
  play = collecting(async (press) => {
    await press.showModal(form);
    const submit = await press.awaitModalSubmit({ time: 5000 });
    await submit.reply({ content: submit.fields.getTextInputValue('why'), flags: MessageFlags.Ephemeral });
  });
  const { message, traceId } = await begin();
  const press = kim.press(message, 'any');
  await press.answer();
  await waitFor(() => client.listenerCount('interactionCreate') > 2);
  const submit = kim.submit(press, { why: 'because' });
  expect(await submit.message()).toMatchObject({ content: 'because', ephemeral: true });
  const [pressed, sent] = [await settled(press), await settled(submit)];
  expect(pressed).toMatchObject({ command: 'game play', kind: 'button', parentTraceId: traceId });
  expect(sent).toMatchObject({ command: 'game play', kind: 'modal', parentTraceId: pressed.traceId });
});

it('buttons on a message that one user alone sees are covered like others', async () => {
  flags = MessageFlags.Ephemeral;
  play = (interaction) =>
    interaction
      .fetchReply()
      .then((message) => message.awaitMessageComponent({ time: 5000 }))
      .then((press) => press.update('in private'));
  const run = kim.type('/game play');
  const message = await run.message();
  await collected();
  const press = kim.press(message, 'any');
  await press.answer();
  expect(message).toMatchObject({ content: 'in private', ephemeral: true });
  expect(await settled(press)).toMatchObject({ command: 'game play', outcome: { kind: 'ok' } });
});

it('two collectors that take the same press make one invocation, which fails if either does', async () => {
  const heard: string[] = [];
  const within: unknown[] = [];
  const note = (who: string): number => {
    within.push(served.context.getStore()?.interactionId);
    return heard.push(who);
  };
  play = (interaction, message) => {
    collecting((press) => press.update('first').then(() => note('first')))(interaction, message);
    const slow = { filter: () => new Promise((resolve) => setTimeout(() => resolve(true), 20)) };
    collecting(() => Promise.reject(new Error(String(note('second')))), slow)(interaction, message);
  };
  const { message } = await begin();
  const press = kim.press(message, 'any');
  expect(await settled(press)).toMatchObject({ outcome: { kind: 'failed', reason: 'exception' } });
  expect(heard).toEqual(['first', 'second']);
  // Whatever they log belongs to it.
  expect(within).toEqual([press.id, press.id]);
  expect(message.content).toBe('first');
});

it('a declared route wins over a collector, which hears of the press all the same', async () => {
  const heard = jest.fn();
  play = collecting(heard);
  const { message, traceId } = await begin();
  const press = kim.press(message, 'game:routed');
  await press.answer();
  expect(message.content).toBe('routed');
  // It leads back to the run that made the button all the same.
  expect(await settled(press)).toMatchObject({ command: 'game:routed', parentTraceId: traceId });
  expect(heard).toHaveBeenCalledTimes(1);
});

it('a filter that refuses leaves the press to nobody, and the user is told', async () => {
  const heard = jest.fn();
  play = collecting(heard, { filter: () => false });
  const { message, traceId } = await begin();
  const press = kim.press(message, 'any');
  expect(await press.message()).toMatchObject({
    ephemeral: true,
    content: expect.stringMatching(/not for you/),
  });
  expect(await settled(press)).toMatchObject({
    command: '_other',
    kind: 'button',
    parentTraceId: traceId,
    outcome: { kind: 'refused', reason: 'unknown_command' },
  });
  expect(heard).not.toHaveBeenCalled();
});

it('a filter that answers whom it refuses is left to do so', async () => {
  play = collecting(jest.fn(), {
    filter: (press: MessageComponentInteraction) => {
      void press.reply({ content: 'Hands off!', flags: MessageFlags.Ephemeral });
      return false;
    },
  });
  const { message } = await begin();
  const press = kim.press(message, 'any');
  expect((await press.message()).content).toBe('Hands off!');
  expect(press.callbacks).toHaveLength(1);
});

it.each(['ignore', 'stranger'])(
  'whoever looks something up before they answer (%s) has the time',
  async (who) => {
    const answer = async (press: MessageComponentInteraction): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      await press.reply({ content: 'looked up', flags: MessageFlags.Ephemeral }).catch(() => undefined);
    };
    play = (_interaction, message) => {
      if (who === 'stranger')
        client.on('interactionCreate', (press) => void (press.isButton() && answer(press)));
      else
        message
          .createMessageComponentCollector({ filter: () => false, time: 5000 })
          .on('ignore', (press) => void answer(press));
    };
    const { message } = await begin();
    const press = kim.press(message, 'any');
    expect((await press.message()).content).toBe('looked up');
    expect(press.callbacks).toHaveLength(1);
  },
);

it('a collector that has ended does not take what comes after, and the user is told in their language', async () => {
  play = (_interaction, message) => message.createMessageComponentCollector({ time: 5000 }).stop();
  const { message } = await begin();
  const press = kim.press(message, 'any', { locale: 'ko' });
  expect(await press.message()).toMatchObject({
    ephemeral: true,
    content: '더 이상 작동하지 않습니다. 명령어를 다시 사용해 주세요.',
  });
  expect(await settled(press)).toMatchObject({ command: '_other', outcome: { reason: 'unknown_command' } });
});

it('a collector that no run made is counted too, under no name', async () => {
  play = () => undefined;
  const { message, traceId } = await begin();
  const sent = await client.channels.cache.get(message.channelId)!.fetch();
  if (!sent.isTextBased()) throw new Error('a text channel');
  const collector = (await sent.messages.fetch(message.id)).createMessageComponentCollector({ time: 5000 });
  collector.on('collect', (press) => void press.update('from outside'));
  const press = kim.press(message, 'any');
  expect(await settled(press)).toMatchObject({
    command: '_other',
    parentTraceId: traceId,
    outcome: { kind: 'ok' },
  });
  collector.stop();
});

it('the order of listeners does not matter, and the watch leaves nothing changed behind', async () => {
  const filter = () => new Promise((resolve) => setTimeout(() => resolve(true), 20));
  play = collecting((press) => press.update('pressed'), { filter });
  const { message } = await begin();
  const [router, collector] = client.listeners('interactionCreate') as ((i: Interaction) => void)[];
  client.off('interactionCreate', router!);
  client.on('interactionCreate', router!);
  expect(client.listeners('interactionCreate')).toEqual([collector, router]);
  const press = kim.press(message, 'any');
  await press.answer();
  expect(await settled(press)).toMatchObject({ command: 'game play', outcome: { kind: 'ok' } });
});

it('what the collector’s own code sees is as ever: its emissions, its count, its end', async () => {
  const seen: unknown[] = [];
  play = (_interaction, message) => {
    const collector = message.createMessageComponentCollector({ max: 1, time: 5000 });
    collector.once('collect', (press: CollectedInteraction) => seen.push(press.id));
    collector.on('end', (collected, reason) => seen.push(collected.size, reason, collector.total));
  };
  const { message } = await begin();
  const press = kim.press(message, 'any');
  await waitFor(() => seen.length === 4);
  expect(seen).toEqual([press.id, 1, 'limit', 1]);
});
