import { Locale, SlashCommandBuilder } from 'discord.js';
import { readChoice } from '../../simulator/demo/console/choose';
import { complete, type CompletionSources } from '../../simulator/demo/console/complete';
import { toRegistered } from '../../simulator/demo/console/menu';
import { moveTo } from '../../simulator/demo/console/places';
import { parseTyped } from '../../simulator/demo/console/typed';
import { HOST } from '../../simulator/demo/crowd/cast';
import { parseOptions } from '../../simulator/demo/options';
import { createStopper } from '../../simulator/demo/stopper';
import { startSimulator, type Simulator } from '../../simulator';

const stats = new SlashCommandBuilder()
  .setName('stats')
  .setNameLocalizations({ [Locale.Korean]: '통계' })
  .setDescription('Shows numbers')
  .addStringOption((option) =>
    option
      .setName('period')
      .setNameLocalizations({ [Locale.Korean]: '기간' })
      .setDescription('How far to look back')
      .addChoices({ name: 'a day', value: '24h' }, { name: 'a week', value: '7d' }),
  )
  .addStringOption((option) =>
    option.setName('command').setDescription('Only this one').setAutocomplete(true),
  );
const ticket = new SlashCommandBuilder()
  .setName('ticket')
  .setDescription('Tickets')
  .addSubcommand((one) => one.setName('open').setDescription('Opens one'))
  .addSubcommand((one) => one.setName('close').setDescription('Closes one'));

let discord: Simulator;
beforeAll(async () => {
  discord = await startSimulator({ guilds: [{ name: 'Harbour' }, { name: 'Lobby' }] });
  await fetch(`${discord.apiUrl}/v10/applications/${discord.applicationId}/commands`, {
    method: 'PUT',
    headers: { authorization: `Bot ${discord.token}`, 'content-type': 'application/json' },
    body: JSON.stringify([stats.toJSON(), ticket.toJSON()]),
  });
});
afterAll(() => discord.close());

async function completed(
  line: string,
  overrides: Partial<CompletionSources> = {},
): Promise<readonly string[]> {
  const { candidates, fragment } = await complete(line, {
    commands: discord.commands(),
    locale: 'en-US',
    words: { as: { note: '', values: ['jun', 'kim'] } },
    suggest: () => Promise.resolve([]),
    ...overrides,
  });
  return candidates.map(({ value }) => line.slice(0, line.length - fragment.length) + value);
}

describe('TAB', () => {
  it.each([
    ['/', ['/stats ', '/ticket ']],
    ['/TI', ['/ticket ']],
    ['/ticket cl', ['/ticket close ']],
    ['/stats ', ['/stats period:', '/stats command:']],
    ['/stats period:', ['/stats period:24h', '/stats period:7d']],
    ['/stats period:7', ['/stats period:7d']],
    ['/stats period:7d ', ['/stats period:7d command:']],
    ['/nothing ', []],
    ['a', ['as ']],
    ['as j', ['as jun']],
  ])('goes on from "%s" as Discord does', async (line, expected) => {
    expect(await completed(line)).toEqual(expected);
  });

  it('offers a Korean user the names that Discord shows them', async () => {
    expect(await completed('/통', { locale: 'ko' })).toEqual(['/통계 ']);
    expect(await completed('/통계 기', { locale: 'ko' })).toEqual(['/통계 기간:']);
  });

  it('asks the bot for values, under the names that Discord sends, also for those with spaces', async () => {
    const asked: string[] = [];
    const suggest: CompletionSources['suggest'] = (line) => {
      asked.push(line);
      return Promise.resolve([{ value: 'ticket open', note: '' }]);
    };
    const line = '/통계 기간:24h command:ticket o';
    expect(await completed(line, { locale: 'ko', suggest })).toEqual(['/통계 기간:24h command:ticket open']);
    expect(asked).toEqual(['/stats period:24h command:ticket o']);
  });
});

describe('a typed line', () => {
  it('reaches Discord under registered names, with quoted text and unknown names as they are', () => {
    const translate = (line: string): string => toRegistered(line, discord.commands(), 'ko');
    expect(translate('/통계 기간:24h')).toBe('/stats period:24h');
    expect(translate('/통계 command:"기간: 하나"')).toBe('/stats command:"기간: 하나"');
    expect(translate('/없음 x:1')).toBe('/없음 x:1');
  });

  it('that is nothing to type gets a hint instead of silence', () => {
    expect(parseTyped('hello')).toMatchObject({ kind: 'unknown', hint: expect.stringContaining('Type /') });
    expect(parseTyped('press one')).toMatchObject({ kind: 'unknown' });
    expect(parseTyped(' as 민수 ko ')).toEqual({ kind: 'as', name: '민수', locale: 'ko' });
    expect(parseTyped('choose')).toMatchObject({
      kind: 'unknown',
      hint: expect.stringContaining('choose 7d'),
    });
    expect(parseTyped('choose last  hour')).toEqual({ kind: 'choose', text: 'last hour' });
    expect(parseTyped('press 2')).toEqual({ kind: 'press', number: 2 });
  });

  it('moves to servers, channels and direct messages, and names them where there is no such place', () => {
    expect(moveTo('lobby', HOST, discord.guilds)).toMatchObject({ guild: 'Lobby', channel: 'general' });
    expect(moveTo('#bots', HOST, discord.guilds)).toMatchObject({ guild: 'Harbour', channel: 'bots' });
    expect(moveTo('dm', HOST, discord.guilds)).toMatchObject({ guild: null });
    expect(() => moveTo('moon', HOST, discord.guilds)).toThrow(/harbour, lobby, #general/);
  });
});

describe('choose', () => {
  const menu = (customId: string, values: readonly string[], maxValues = 1) => ({
    customId,
    placeholder: '',
    maxValues,
    options: values.map((value) => ({ value, label: `The ${value}` })),
  });
  const menus = [menu('a', ['1', 'x', 'y'], 2), menu('b', ['x', 'z'])];

  it.each([
    ['z', 'b', ['z']],
    ['the Z', 'b', ['z']],
    ['1', 'a', ['1']],
    ['2 x', 'b', ['x']],
    ['1 the x', 'a', ['x']],
    ['x, the y', 'a', ['x', 'y']],
  ])('takes "%s" as the user means it', (text, customId, values) => {
    expect(readChoice(text, menus)).toEqual({ customId, values });
  });

  it('takes names for a menu that does not list them, beside one that does', () => {
    const mixed = [menu('a', ['x']), { customId: 'u', placeholder: 'a user', maxValues: 1, options: null }];
    expect(readChoice('2 jun', mixed)).toEqual({ customId: 'u', values: ['jun'] });
    expect(readChoice('jun', mixed)).toEqual({ customId: 'u', values: ['jun'] });
    expect(readChoice('x', mixed)).toEqual({ customId: 'a', values: ['x'] });
  });

  it('says what there is where it cannot tell', () => {
    expect(() => readChoice('x', menus)).toThrow(/Several menus have "x"/);
    expect(() => readChoice('w', menus)).toThrow(/There are: 1 1 \(The 1\), .*2 z \(The z\)/);
  });
});

describe('the command line', () => {
  it('has defaults for a first try, and takes what CI needs', () => {
    expect(parseOptions([])).toEqual({ rate: 2, seconds: null, port: null, verbose: false });
    expect(parseOptions(['--seconds', '4', '--quiet-users', '--port', '0'])).toMatchObject({
      rate: 0,
      seconds: 4,
      port: 0,
    });
    expect(parseOptions(['--help'])).toBeNull();
  });

  it.each([[['--port', '1.5']], [['--seconds', '-1']], [['--what']], [['--rate', '5', '--quiet-users']]])(
    'refuses %j instead of guessing',
    (args) => {
      expect(() => parseOptions(args)).toThrow(/--/);
    },
  );
});

describe('Ctrl-C', () => {
  it('asks once when npm passes the same signal on, and ends at once when it is pressed again', async () => {
    let now = 0;
    let ended = 0;
    const stopper = createStopper(
      () => now,
      () => (ended += 1),
    );
    stopper.signal();
    now = 100;
    stopper.signal();
    expect(await stopper.requested).toEqual({ kind: 'asked' });
    expect(ended).toBe(0);
    now = 800;
    stopper.signal();
    expect(ended).toBe(1);
  });
});
