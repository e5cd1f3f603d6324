import { get } from 'node:http';
import { Readable } from 'node:stream';
import {
  Message,
  MessageFlags,
  type ChatInputCommandInteraction,
  type Client,
  type InteractionReplyOptions,
} from 'discord.js';
import type { Exchange, SimulatedUser, Simulator } from '../../simulator';
import type { CommandModule } from '../../src/discord/command';
import type { InvocationSettled } from '../../src/telemetry/event';
import { fakeReadModels } from '../commands/support';
import { call, createHarbour } from '../simulator/support';
import { loadedFrom, serve, waitFor, type Served } from './support';

/** Commands that say `defer`: what the user sees while they work, and what they may still do to answer. */

const harbour = createHarbour();
let discord: Simulator;
let client: Client<true>;
let kim: SimulatedUser;
let served: Served;
let act: (interaction: ChatInputCommandInteraction) => unknown;

const deferring = (name: string, module: Partial<CommandModule>): CommandModule => ({
  data: { name, description: 'Defers.' },
  execute: (interaction: ChatInputCommandInteraction) => act(interaction),
  ...module,
});
const modules = [
  deferring('at-once', { defer: true }),
  deferring('in-private', { defer: true, deferEphemeral: true }),
  deferring('by-then', { defer: 0.05 }),
  deferring('much-later', { defer: 2.5 }),
];

beforeAll(async () => {
  ({ discord, client } = await harbour.connect());
  await client.application.commands.set(modules.map((module) => loadedFrom(module).data));
});
beforeEach(() => {
  kim = discord.user('kim');
  served = serve(client, modules, { readModels: fakeReadModels().readModels });
});
afterEach(() => discord.faults.clear());
afterAll(() => harbour.close());

async function settled(exchange: Exchange): Promise<InvocationSettled> {
  await waitFor(() => served.settled.some(({ interactionId }) => interactionId === exchange.id));
  return served.settled.find(({ interactionId }) => interactionId === exchange.id)!;
}
const thinking = (exchange: Exchange): Promise<Exchange> =>
  exchange.until(({ state }) => state.kind === 'thinking');
/** Answers once the user has been shown that it is being worked on. */
const answering =
  (options: string | InteractionReplyOptions) => async (interaction: ChatInputCommandInteraction) => {
    await waitFor(() => interaction.deferred);
    return interaction.reply(options);
  };

it.each(['at-once', 'by-then'])('%s: a reply after the deferral takes its place', async (name) => {
  act = answering('done');
  const exchange = kim.type(`/${name}`);
  expect((await exchange.message()).content).toBe('done');
  expect(exchange.messages).toHaveLength(1);
  expect(await settled(exchange)).toMatchObject({
    outcome: { kind: 'ok' },
    ack: { kind: 'defer' },
    deadline: 'met',
  });
});

it('a reply that is begun while the deferral is on its way waits for it', async () => {
  act = (interaction) => interaction.reply('done');
  const exchange = kim.type('/at-once');
  expect((await exchange.message()).content).toBe('done');
  expect(await settled(exchange)).toMatchObject({ outcome: { kind: 'ok' } });
  expect(exchange.callbacks).toEqual([expect.objectContaining({ type: 5, code: null })]);
});

it('a command that answers in time is not deferred', async () => {
  act = (interaction) => interaction.reply('quick');
  const exchange = kim.type('/much-later');
  expect((await exchange.message()).content).toBe('quick');
  expect(await settled(exchange)).toMatchObject({ ack: { kind: 'reply' } });
});

it('a reply that takes long to be put together is not overtaken by the deferral', async () => {
  act = (interaction) =>
    interaction.reply({ content: 'with a picture', files: [{ attachment: slowly(), name: 'x' }] });
  const exchange = kim.type('/by-then');
  expect((await exchange.message()).content).toBe('with a picture');
  expect(exchange.callbacks).toEqual([expect.objectContaining({ type: 4, code: null })]);
  expect(await settled(exchange)).toMatchObject({ outcome: { kind: 'ok' }, ack: { kind: 'reply' } });
});

/** A file that comes later than the deferral would. */
function slowly(): Readable {
  return Readable.from(
    (async function* () {
      await new Promise((resolve) => setTimeout(resolve, 120));
      yield Buffer.from('x');
    })(),
  );
}

it('a command that defers by itself, or shows a modal in time, may', async () => {
  act = async (interaction) => {
    await interaction.deferReply();
    await interaction.editReply('itself');
  };
  expect((await kim.type('/much-later').message()).content).toBe('itself');
  act = (interaction) => interaction.showModal(FORM);
  expect((await kim.type('/much-later').answer()).kind).toBe('modal');
});

const FORM = {
  custom_id: 'form',
  title: 'Form',
  components: [
    {
      type: 18 as const,
      label: 'Why',
      component: { type: 4 as const, custom_id: 'why', style: 1 as const },
    },
  ],
};

it('a deferReply of the command’s own has nothing left to do', async () => {
  act = async (interaction) => {
    await waitFor(() => interaction.deferred);
    await interaction.deferReply();
    await interaction.editReply('edited');
  };
  const exchange = kim.type('/at-once');
  expect((await exchange.message()).content).toBe('edited');
  expect(exchange.callbacks).toHaveLength(1);
});

it('deferEphemeral keeps the waiting and the answer from others', async () => {
  act = answering('for you');
  const exchange = kim.type('/in-private');
  await thinking(exchange);
  expect(exchange.state).toEqual({ kind: 'thinking', ephemeral: true });
  expect(await exchange.message()).toMatchObject({ content: 'for you', ephemeral: true });
});

it('what is for one user alone does not appear where everybody saw the bot think', async () => {
  act = answering({ content: 'secret', flags: MessageFlags.Ephemeral });
  const exchange = kim.type('/at-once');
  await exchange.until(({ messages }) => messages.some(({ content }) => content === 'secret'));
  expect(exchange.messages.filter(({ deleted }) => !deleted)).toEqual([
    expect.objectContaining({ content: 'secret', ephemeral: true }),
  ]);
  expect(await settled(exchange)).toMatchObject({ outcome: { kind: 'ok' } });

  act = async (interaction) => {
    await waitFor(() => interaction.deferred);
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  };
  const wrong = kim.type('/at-once');
  expect(await settled(wrong)).toMatchObject({
    outcome: { error: expect.objectContaining({ message: expect.stringContaining('deferEphemeral: true') }) },
  });
});

it('a reply gives what its caller asked for, and a second one is refused as ever', async () => {
  const seen: unknown[] = [];
  act = async (interaction) => {
    await waitFor(() => interaction.deferred);
    const response = await interaction.reply({ content: 'done', withResponse: true });
    seen.push(response.resource?.message?.content);
    seen.push(await interaction.reply('again').catch((error: unknown) => error));
  };
  const exchange = kim.type('/at-once');
  await settled(exchange);
  expect(seen).toEqual(['done', expect.objectContaining({ code: 'InteractionAlreadyReplied' })]);
  act = async (interaction) => {
    await waitFor(() => interaction.deferred);
    const response = await interaction.reply('to be deleted');
    await response.delete();
  };
  const deleted = kim.type('/at-once');
  expect(await settled(deleted)).toMatchObject({ outcome: { kind: 'ok' } });
});

it('a modal after the deferral is the author’s mistake, and says so', async () => {
  act = async (interaction) => {
    await waitFor(() => interaction.deferred);
    await interaction.showModal(FORM);
  };
  const exchange = kim.type('/at-once');
  expect(await settled(exchange)).toMatchObject({
    outcome: {
      kind: 'failed',
      error: expect.objectContaining({
        message: expect.stringMatching(/modal can only be shown as the first/),
      }),
    },
  });
});

it('a failure after the deferral reaches the user, and a deferral that fails is not the command’s', async () => {
  act = async (interaction) => {
    await waitFor(() => interaction.deferred);
    throw new Error('secret-detail');
  };
  const failed = kim.type('/at-once');
  const told = await failed.until(({ messages }) =>
    messages.some(({ content }) => content.includes('went wrong')),
  );
  expect(told.messages.filter(({ deleted }) => !deleted)).toHaveLength(1);

  const fault = discord.faults.rest({ path: /\/callback$/, status: 500, times: 1 });
  client.rest.options.retries = 0;
  act = async (interaction) => {
    await waitFor(() => fault.hits === 1);
    await interaction.reply('all the same');
  };
  const exchange = kim.type('/at-once');
  expect((await exchange.message()).content).toBe('all the same');
  client.rest.options.retries = 3;
  expect(await settled(exchange)).toMatchObject({ outcome: { kind: 'ok' }, ack: { kind: 'reply' } });
});

/** The interaction acts while its deferral is on its way. */
const onTheWire =
  (first: (interaction: ChatInputCommandInteraction) => Promise<unknown>) =>
  async (interaction: ChatInputCommandInteraction): Promise<void> => {
    expect(interaction.deferred).toBe(false);
    await first(interaction);
    expect(interaction.deferred).toBe(true);
  };

it.each<[string, (interaction: ChatInputCommandInteraction) => Promise<unknown>, readonly string[]]>([
  ['editReply', (it) => it.editReply('edited'), ['edited']],
  ['followUp', (it) => it.followUp('sent after'), ['sent after']],
  ['fetchReply', (it) => it.fetchReply().then(() => it.editReply('then edited')), ['then edited']],
  ['deleteReply', (it) => it.deleteReply(), []],
])('%s as the first call waits for the deferral that is on its way', async (_, first, shown) => {
  act = onTheWire(first);
  const exchange = kim.type('/at-once');
  expect(await settled(exchange)).toMatchObject({ outcome: { kind: 'ok' }, ack: { kind: 'defer' } });
  const left = exchange.messages.filter(({ deleted }) => !deleted);
  expect(left.map(({ content }) => content)).toEqual(shown);
});

it('a deferReply gives what its caller asked for, as if it had deferred by itself', async () => {
  const seen: unknown[] = [];
  act = async (interaction) => {
    const { resource } = await interaction.deferReply({ withResponse: true });
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- bots use it
    const fetched = await interaction.deferReply({ fetchReply: true });
    seen.push(resource?.message, fetched);
    await interaction.editReply('done');
  };
  const exchange = kim.type('/at-once');
  expect(await settled(exchange)).toMatchObject({ outcome: { kind: 'ok' } });
  const { id } = exchange.messages[0]!;
  expect(seen).toEqual([expect.any(Message), expect.any(Message)]);
  expect(seen).toMatchObject([{ id }, { id }]);
});

it('two replies at once are one too many, and one that was refused does not count', async () => {
  const errors: unknown[] = [];
  act = async (interaction) => {
    await interaction.reply('').catch((error: unknown) => errors.push(error));
    const both = await Promise.allSettled([interaction.reply('first'), interaction.reply('second')]);
    for (const end of both) if (end.status === 'rejected') errors.push(end.reason);
  };
  const exchange = kim.type('/at-once');
  await settled(exchange);
  expect(errors).toMatchObject([{ code: 50006 }, { code: 'InteractionAlreadyReplied' }]);
  expect(exchange.messages.map(({ content }) => content)).toEqual(['first']);
});

it('a deferral whose receipt was lost is one: what the command answers takes its place', async () => {
  const fault = discord.faults.rest({ path: /\/callback$/, applied: true, status: 502, times: 1 });
  act = async (interaction) => {
    const response = await interaction.deferReply();
    await interaction.reply('done');
    await response.edit('done, and edited');
  };
  const exchange = kim.type('/at-once');
  expect(await settled(exchange)).toMatchObject({ outcome: { kind: 'ok' }, ack: { kind: 'defer' } });
  expect(fault.hits).toBe(1);
  expect(exchange.callbacks.map(({ code }) => code)).toEqual([null, 40060]);
  expect(exchange.messages.map(({ content }) => content)).toEqual(['done, and edited']);
});

it('a deferral that another instance was quicker with is none of ours: the second answer tells of it', async () => {
  discord.faults.rest({ path: /\/callback$/, status: 400, code: 40060, times: 2 });
  act = (interaction) => interaction.reply('done');
  expect(await settled(kim.type('/at-once'))).toMatchObject({ outcome: { reason: 'already_acknowledged' } });
});

describe('a command that returns', () => {
  const told = (exchange: Exchange): Promise<Exchange> =>
    exchange.until(({ messages }) => messages.some(({ content }) => content.includes('4bf92f35')));
  const left = ({ messages }: Exchange): readonly string[] =>
    messages.filter(({ deleted }) => !deleted).map(({ content }) => content);

  it('without an answer has failed, and its user is told in the place of "thinking…"', async () => {
    act = async (interaction) => {
      if (interaction.commandName === 'much-later') await interaction.deferReply();
    };
    const exchanges = ['at-once', 'in-private', 'much-later'].map((name) => kim.type(`/${name}`));
    for (const exchange of exchanges) {
      expect(await settled(exchange)).toMatchObject({
        ...{ outcome: { kind: 'failed', reason: 'unanswered' }, ack: { kind: 'defer' } },
        ...{ deadline: 'met', lateness: null },
      });
      expect(left(await told(exchange))).toEqual([expect.stringMatching(/went wrong/)]);
      expect(exchange.state.kind).toBe('answered');
    }
  });

  it('and answers, or takes the "thinking…" away, in whatever way is not told over', async () => {
    act = async (interaction) => {
      const { commandName, webhook } = interaction;
      const unseen = (method: string, body?: object) =>
        call(discord, method, `/webhooks/${webhook.id}/${interaction.token}/messages/@original`, body);
      if (commandName === 'much-later') await interaction.deferReply();
      await waitFor(() => interaction.deferred);
      if (commandName === 'at-once') setTimeout(() => void interaction.reply('soon after'), 100);
      if (commandName === 'in-private') await interaction.deleteReply();
      if (commandName === 'by-then') await unseen('PATCH', { content: 'unseen' });
      if (commandName === 'much-later') await unseen('DELETE');
    };
    const ends = [
      ['at-once', ['soon after']],
      ['in-private', []],
      ['by-then', ['unseen']],
      ['much-later', []],
    ] as const;
    const exchanges = ends.map(([name, shown]) => [kim.type(`/${name}`), shown] as const);
    for (const [exchange, shown] of exchanges) {
      expect(await settled(exchange)).toMatchObject({ outcome: { kind: 'ok' }, deadline: 'met' });
      expect(left(exchange)).toEqual(shown);
    }
  });
});

it('a connection to Discord that broke is not the command’s fault, and one of its own is', async () => {
  client.rest.options.retries = 0;
  discord.faults.rest({ path: /\/channels\/\d+$/, reset: true, times: 1 });
  act = (interaction) => client.rest.get(`/channels/${interaction.channelId}`);
  expect(await settled(kim.type('/much-later'))).toMatchObject({ outcome: { reason: 'discord_api' } });
  client.rest.options.retries = 3;
  discord.faults.rest({ path: /\/gateway$/, reset: true, times: 1 });
  act = () => request(`${discord.apiUrl}/v10/gateway`);
  expect(await settled(kim.type('/much-later'))).toMatchObject({ outcome: { reason: 'exception' } });
});

/** As a command's own client would. */
function request(url: string): Promise<unknown> {
  return new Promise((resolve, reject) => get(url, resolve).on('error', reject));
}
