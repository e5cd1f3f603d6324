import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  DiscordAPIError,
  LabelBuilder,
  ModalBuilder,
  Routes,
  TextInputBuilder,
  TextInputStyle,
  type Client,
  type Interaction,
} from 'discord.js';
import type { Answer } from '../../src/pipeline/answer';
import type { Answers } from '../../src/discord/answers';
import { watchRest } from '../../src/discord/rest/watch-rest';
import type { Exchange, SimulatedUser, Simulator } from '../../simulator';
import { answerWith, createHarbour } from '../simulator/support';
import { keepingLogger } from '../pipeline/support';
import { waitFor } from './support';

/** Every way in which discord.js answers an interaction, seen on its way out. */

const harbour = createHarbour();
let discord: Simulator;
let client: Client<true>;
let kim: SimulatedUser;
let answers: Answers;
let clock = 0;

beforeAll(async () => {
  ({ discord, client } = await harbour.connect());
  kim = discord.user('kim');
  ({ answers } = watchRest(client.rest, {
    running: () => null,
    record: () => undefined,
    now: Date.now,
    monotonic: () => clock,
    logger: keepingLogger().logger,
  }));
  const options = [{ type: 3, name: 'text', description: 'Any.', autocomplete: true }];
  await client.rest.put(Routes.applicationCommands(discord.applicationId), {
    body: [{ name: 'find', description: 'Finds.', options }],
  });
});
afterEach(() => discord.faults.clear());
afterAll(() => harbour.close());

/** Lets the bot act on what the user does, and gives what was seen of the answer. */
async function watched(
  use: () => Exchange,
  act: (interaction: Interaction, answer: Answer) => unknown,
): Promise<{ readonly answer: Answer; readonly exchange: Exchange; readonly errors: readonly unknown[] }> {
  let done: (answer: Answer) => void = () => undefined;
  const seen = new Promise<Answer>((resolve) => (done = resolve));
  const errors = answerWith(client, async (interaction) => {
    const answer = answers.open(interaction.id);
    try {
      await act(interaction, answer);
    } finally {
      answers.close(interaction.id);
      done(answer);
    }
  });
  const exchange = use();
  return { answer: await seen, exchange, errors };
}

const invoke = (): Exchange => kim.invoke({ name: 'anything' });
const modal = new ModalBuilder()
  .setCustomId('m')
  .setTitle('T')
  .addLabelComponents(
    new LabelBuilder()
      .setLabel('L')
      .setTextInputComponent(new TextInputBuilder().setCustomId('t').setStyle(TextInputStyle.Short)),
  );
const button = new ButtonBuilder().setCustomId('b').setLabel('B').setStyle(ButtonStyle.Primary);
const withButton = { components: [new ActionRowBuilder<ButtonBuilder>().addComponents(button)] };

async function press(): Promise<Exchange> {
  const { exchange } = await watched(
    invoke,
    (it) => it.isRepliable() && it.reply({ content: 'b', ...withButton }),
  );
  return kim.press(await exchange.message(), 'b');
}

it.each<[string, string, (interaction: Interaction) => unknown]>([
  ['reply', 'reply', (it) => it.isRepliable() && it.reply('hi')],
  ['reply with a file', 'reply', (it) => it.isRepliable() && it.reply({ files: [Buffer.from('x')] })],
  ['deferReply', 'defer', (it) => it.isRepliable() && it.deferReply()],
  ['showModal', 'modal', (it) => it.isChatInputCommand() && it.showModal(modal)],
])('%s answers a command as %s', async (_, kind, act) => {
  clock = 1234;
  const { answer, errors } = await watched(invoke, act);
  expect(errors).toEqual([]);
  expect(answer).toMatchObject({ accepted: { kind, at: 1234 }, refusal: null, result: 'met' });
});

it.each<[string, string, (interaction: Interaction) => unknown]>([
  ['update', 'update', (it) => it.isButton() && it.update('new')],
  ['deferUpdate', 'defer', (it) => it.isButton() && it.deferUpdate()],
  ['reply', 'reply', (it) => it.isButton() && it.reply('hi')],
])('%s answers a button as %s', async (_, kind, act) => {
  const pressed = await press();
  expect(pressed.state.kind).toBe('waiting');
  const message = discord.channelMessages(pressed.channelId).at(-1)!;
  const { answer, errors } = await watched(() => kim.press(message, 'b'), act);
  expect(errors).toEqual([]);
  expect(answer.accepted?.kind).toBe(kind);
});

it('respond answers an autocompletion', async () => {
  const { answer } = await watched(
    () => kim.complete('/find text:a'),
    (it) => it.isAutocomplete() && it.respond([]),
  );
  expect(answer.accepted?.kind).toBe('autocomplete');
});

it('only the first answer counts: what is edited or sent after it is none', async () => {
  clock = 50;
  const { answer } = await watched(invoke, async (it) => {
    if (!it.isRepliable()) return;
    await it.deferReply();
    clock = 900;
    await it.editReply('done');
    await it.followUp('more');
  });
  expect(answer.accepted).toEqual({ kind: 'defer', at: 50 });
});

it.each([
  [10062, 404],
  [40060, 400],
])('a refusal (%d) is seen, and the command gets the very error it would have got', async (code, status) => {
  discord.faults.rest({ path: /callback$/, status, code, message: 'No.', times: 1 });
  const { answer, errors } = await watched(invoke, (it) => it.isRepliable() && it.reply('hi'));
  expect(errors).toEqual([expect.any(DiscordAPIError)]);
  expect(answer.refusal?.error).toBe(errors[0]);
  expect(answer.result).toBe('missed');
});

it('a malformed answer is a refusal, and the one after it is met', async () => {
  const { answer } = await watched(invoke, async (it) => {
    if (!it.isRepliable()) return;
    await it.reply('x'.repeat(2001)).catch(() => undefined);
    await it.reply('x');
  });
  expect(answer.refusal?.error).toMatchObject({ code: 50035 });
  expect(answer).toMatchObject({ accepted: { kind: 'reply' }, result: 'met' });
});

it('an answer that is under way is known to be', async () => {
  discord.faults.rest({ path: /callback$/, delayMs: 30, times: 1 });
  const { answer } = await watched(invoke, async (it, opened) => {
    if (it.isRepliable()) void it.reply('hi');
    await waitFor(() => opened.result !== 'unanswered');
    expect(opened).toMatchObject({ accepted: null, result: 'missed' });
  });
  await answer.known(2000, () => false);
  expect(answer.result).toBe('met');
});

it('nothing else is touched: what a request gives or throws is what it gave or threw', async () => {
  await expect(client.rest.get(Routes.user())).resolves.toMatchObject({ id: client.user.id });
  await expect(client.rest.get(Routes.user('1'))).rejects.toMatchObject({ code: 10013, status: 404 });
  const { exchange } = await watched(invoke, async (it) => {
    if (!it.isRepliable()) return;
    answers.close(it.id); // One that is not ours, or has settled.
    const response = await it.reply({ content: 'hi', withResponse: true });
    expect(response.resource?.message?.content).toBe('hi');
  });
  expect((await exchange.message()).content).toBe('hi');
});

it.each<[string, boolean, (interaction: Interaction) => unknown]>([
  ['deferReply', true, (it) => it.isRepliable() && it.deferReply()],
  ['deferReply and fetchReply', true, (it) => deferThen(it, () => it.isRepliable() && it.fetchReply())],
  ['deferReply and an edit that is refused', true, (it) => deferThen(it, () => edit(it, '').catch(() => 0))],
  ['deferReply and editReply', false, (it) => deferThen(it, () => edit(it, 'x'))],
  ['deferReply and followUp', false, (it) => deferThen(it, () => it.isRepliable() && it.followUp('x'))],
  ['deferReply and deleteReply', false, (it) => deferThen(it, () => it.isRepliable() && it.deleteReply())],
  ['reply', false, (it) => it.isRepliable() && it.reply('x')],
])('after %s the user sees the bot "thinking": %s', async (_, isThinking, act) => {
  const { answer, errors } = await watched(invoke, act);
  expect(errors).toEqual([]);
  expect(answer.isThinking).toBe(isThinking);
});

async function deferThen(interaction: Interaction, then: () => unknown): Promise<void> {
  if (interaction.isRepliable()) await interaction.deferReply();
  await then();
}
const edit = async (interaction: Interaction, content: string): Promise<unknown> =>
  interaction.isRepliable() && interaction.editReply(content);

it('a click that was only taken note of leaves nobody thinking', async () => {
  const pressed = await press();
  expect(pressed.state.kind).toBe('waiting');
  const message = discord.channelMessages(pressed.channelId).at(-1)!;
  const { answer } = await watched(
    () => kim.press(message, 'b'),
    (it) => it.isButton() && it.deferUpdate(),
  );
  expect(answer).toMatchObject({ accepted: { kind: 'defer' }, isThinking: false });
});
