import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  GatewayIntentBits,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
  type Interaction,
} from 'discord.js';
import type { Simulator } from '../../simulator';
import { Session } from '../../simulator/demo/console/session';
import { Ledger } from '../../simulator/demo/ledger';
import { createStage } from '../../simulator/demo/stage';
import { paintPlain } from '../../simulator/demo/view/paint';
import { answerWith, call, createHarbour } from './support';

const harbour = createHarbour();
afterEach(() => harbour.close());

type Answer = (interaction: Interaction) => unknown;

const button = new ActionRowBuilder<ButtonBuilder>().addComponents(
  new ButtonBuilder().setCustomId('go').setLabel('Go').setStyle(ButtonStyle.Primary),
);
const menu = new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(
  new StringSelectMenuBuilder()
    .setCustomId('period')
    .addOptions({ label: 'last day', value: '24h', default: true }, { label: 'last week', value: '7d' }),
);

/** Somebody at the keyboard of a bot that shows a button and a menu, and answers clicks with this. */
async function open(onClick: Answer, columns = 100) {
  const { discord, client } = await harbour.connect(
    { guilds: [{ name: 'Harbour' }] },
    { intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages] },
  );
  await register(discord);
  const ledger = new Ledger();
  client.on('messageCreate', (message) => {
    if (message.content.endsWith(' show')) void message.reply('you wrote');
  });
  answerWith(client, async (interaction) => {
    if (interaction.isChatInputCommand())
      await interaction.reply({ content: 'one', components: [menu, button] });
    else await onClick(interaction);
    ledger.settle({ interactionId: interaction.id, outcome: 'ok', reason: null, durationMs: 1 });
  });
  let text = '';
  const session = new Session({
    discord,
    ledger,
    stage: createStage(discord, ledger, Date.now),
    print: (lines) => (text += `${paintPlain(lines)}\n`),
    columns: () => columns,
    onQuit: () => undefined,
    missing: '1 of 2 command modules could not be loaded: broken.js (no data).',
  });
  return async (line: string): Promise<string> => {
    text = '';
    await session.submit(line);
    return text;
  };
}

async function register(discord: Simulator): Promise<void> {
  const commands = [{ name: 'show', description: 'Shows it' }];
  await call(discord, 'PUT', `/applications/${discord.applicationId}/commands`, commands);
}

describe('a click', () => {
  it('shows the message as the bot has edited it, however long after it took note of the click', async () => {
    const submit = await open(async (interaction) => {
      if (!interaction.isButton()) return;
      await interaction.deferUpdate();
      await new Promise((resolve) => setTimeout(resolve, 100));
      await interaction.editReply({ content: 'two', components: [] });
    });
    expect(await submit('/show')).toContain('[1 Go] (type: press 1)');
    const shown = await submit('press 1');
    expect(shown).toContain('two');
    expect(shown).not.toContain('[1 Go]');
    expect(await submit('press 1')).toContain('There is no such button');
  });

  it('shows what is for the eyes of the user alone, and what follows the answer', async () => {
    const submit = await open(async (interaction) => {
      if (!interaction.isButton()) return;
      await interaction.reply({ content: 'not for you', flags: MessageFlags.Ephemeral });
      await interaction.followUp({ content: 'and no more', flags: MessageFlags.Ephemeral });
    });
    await submit('/show');
    await submit('as jun');
    const shown = await submit('press 1');
    expect(shown).toMatch(/not for you\n.*Only you can see this\n.*and no more/);
    expect(shown).not.toContain('one');
  });

  it('that changes nothing shows the message as it is, and a form says that it cannot be filled in', async () => {
    const input = new TextInputBuilder().setCustomId('t').setStyle(TextInputStyle.Short);
    const modal = new ModalBuilder()
      .setCustomId('form')
      .setTitle('Tell us')
      .addLabelComponents(new LabelBuilder().setLabel('Text').setTextInputComponent(input));
    const submit = await open((interaction) => {
      if (interaction.isButton()) return interaction.deferUpdate();
      return interaction.isStringSelectMenu() ? interaction.showModal(modal) : undefined;
    });
    await submit('/show');
    expect(await submit('press 1')).toContain('one');
    expect(await submit('choose 7d')).toContain('(a form: Tell us; it cannot be filled in here)');
  });
});

describe('a menu', () => {
  it('is shown with what is chosen, and can be chosen from by value and by label', async () => {
    const submit = await open((interaction) =>
      interaction.isStringSelectMenu() ? interaction.update(`got ${interaction.values.join()}`) : undefined,
    );
    expect(await submit('choose 7d')).toContain('There is no menu');
    expect(await submit('/show')).toContain('[menu: last day ✓ | last week] (type: choose 7d for last week)');
    expect(await submit('choose 7d')).toContain('got 7d');
    expect(await submit('choose Last Day')).toContain('got 24h');
    expect(await submit('choose tomorrow')).toContain('There are: 24h (last day), 7d (last week).');
  });
});

describe('a command that is not there', () => {
  it('is told apart from one whose module could not be loaded', async () => {
    const submit = await open(() => undefined);
    expect(await submit('/broken')).toMatch(/No command "\/broken".*\n1 of 2 .*broken\.js/);
    expect(await submit('/show what:1')).not.toContain('broken.js');
  });
});

describe('a message', () => {
  it('that mentions the bot shows what it says, and what is no command that it says nothing', async () => {
    const submit = await open(() => undefined);
    const shown = await submit('@bot show');
    expect(shown).toContain('you wrote');
    expect(await submit('@bot whatever')).toContain('telltale says nothing to that');
  }, 10_000);
});

describe('help', () => {
  it('keeps what to type apart from what it does, in a narrow terminal too', async () => {
    const submit = await open(() => undefined, 60);
    const lines = (await submit('help')).trimEnd().split('\n');
    expect(lines.filter((line) => !/^ {2}\S.{17}\S|^ {20}\S/.test(line))).toEqual([]);
    expect(lines.some((line) => line.startsWith('  as <name>         be somebody else'))).toBe(true);
    expect(lines.some((line) => line.startsWith('  choose <value>    choose from'))).toBe(true);
  });
});
