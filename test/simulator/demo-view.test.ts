import { embedBox } from '../../simulator/demo/view/embed';
import { ActionRowBuilder, ButtonBuilder, ButtonStyle } from 'discord.js';
import type { SimulatedMessage } from '../../simulator';
import { introLines } from '../../simulator/demo/intro';
import { markdown, type Reader } from '../../simulator/demo/view/markdown';
import { messageLines } from '../../simulator/demo/view/message';
import { paintAnsi, paintPlain } from '../../simulator/demo/view/paint';
import { lineWidth, span, wrapLine } from '../../simulator/demo/view/rich';
import { clipWidth, displayWidth } from '../../simulator/demo/view/width';

const MESSAGE: SimulatedMessage = {
  id: '1',
  channelId: '2',
  author: { id: '3', name: 'telltale' },
  guildId: null,
  edited: false,
  content: '',
  embeds: [],
  components: [],
  attachments: [],
  ephemeral: false,
  deleted: false,
};
const FACTS = {
  url: 'http://127.0.0.1:9464',
  logDirectory: '/logs',
  database: null,
  missing: null,
  pid: 1,
  rate: 2,
  portNote: null,
  interactive: false,
};

const NOW = Date.UTC(2026, 0, 1);
const reader: Reader = { locale: 'en-US', now: NOW, nameOf: (id) => (id === '7' ? 'kim' : null) };
const read = (text: string, as: Partial<Reader> = {}): string =>
  paintPlain(markdown(text, { ...reader, ...as }));

describe('what a user of the demo sees', () => {
  it('draws an embed with its title, its table, fields side by side, and its footer', () => {
    const embed = {
      title: 'Numbers',
      description: '```\na  1\nb  2\n```',
      fields: [
        { name: 'Calls', value: '3', inline: true },
        { name: 'OK', value: '**2**', inline: true },
        { name: 'Errors', value: 'one' },
      ],
      footer: { text: 'Everywhere' },
    };
    expect(paintPlain(embedBox(embed, 60, reader)).split('\n')).toEqual([
      '╭─────────────────────────────────────╮',
      '│ Numbers                             │',
      '│ a  1                                │',
      '│ b  2                                │',
      '│                                     │',
      '│ Calls              OK               │',
      '│ 3                  2                │',
      '│ Errors                              │',
      '│ one                                 │',
      '│                                     │',
      '│ Everywhere                          │',
      '╰─────────────────────────────────────╯',
    ]);
  });

  it('keeps the frame straight around Korean, emoji and long text', () => {
    const embed = {
      title: '명령어 통계 🟢',
      description: `${'아주 긴 설명입니다 '.repeat(20)}${'x'.repeat(99)}`,
    };
    const box = embedBox(embed, 44, reader);
    expect(new Set(box.map(lineWidth))).toEqual(new Set([44]));
  });

  it('shows times in the language of the user, mentions by name, and no markdown', () => {
    const seconds = NOW / 1000 + 5;
    expect(read(`again <t:${seconds}:R>`)).toBe('again in 5 seconds');
    expect(read(`<t:${seconds}:R>에`, { locale: 'ko' })).toBe('5초 후에');
    expect(read('**A coin** for <@7>, not `**her**` \\*')).toBe('A coin for @kim, not **her** *');
  });

  it('lets nothing that is written in Discord steer the terminal', () => {
    expect(paintAnsi([[span('\u001b[2Jgone\u0007')]])).toBe(' [2Jgone ');
  });

  it('breaks lines between words, and words only where they fit nowhere', () => {
    const lines = wrapLine([span('one two '), span('threefourfive', 'bold')], 8);
    expect(paintPlain(lines).split('\n')).toEqual(['one two ', 'threefou', 'rfive']);
  });

  it('shows whole the addresses that links lead to, below a message in which they would be broken', () => {
    const address = `https://jaeger.example.org/trace/${'4bf92f35'.repeat(8)}`;
    const more = new ButtonBuilder().setStyle(ButtonStyle.Link).setLabel('More').setURL('https://m.example/');
    const row = new ActionRowBuilder<ButtonBuilder>().addComponents(more).toJSON();
    const message: SimulatedMessage = {
      ...MESSAGE,
      content: '',
      embeds: [
        { fields: [{ name: 'Links', value: `[Trace](${address}) · [The error](https://s.example/1)` }] },
      ],
      components: [row],
    };
    expect(
      paintPlain(messageLines(message, 40, reader))
        .split('\n')
        .slice(-3),
    ).toEqual([`Trace: ${address}`, 'The error: https://s.example/1', 'More: https://m.example/']);
  });

  it('says what leaves the machine, and that nothing does only where that is so', () => {
    const facts = { ...FACTS, columns: 200 };
    expect(paintPlain(introLines({ ...facts, destinations: [] }))).toContain('nothing leaves this machine');
    expect(
      paintPlain(introLines({ ...facts, destinations: ['No traces: OTEL_SDK_DISABLED is set.'] })),
    ).toMatch(/nothing leaves this machine[^]*No traces: OTEL_SDK_DISABLED/);
    const intro = paintPlain(introLines({ ...facts, destinations: ['Traces go to 127.0.0.1:4318.'] }));
    expect(intro).toContain('  Traces go to 127.0.0.1:4318.');
    expect(intro).not.toContain('nothing leaves');
  });

  it('measures text as a terminal does', () => {
    expect(['abc', '한국어', '🌧️', '👨‍👩‍👧', 'é'].map(displayWidth)).toEqual([3, 6, 2, 2, 1]);
    expect(clipWidth('한국어입니다', 7)).toBe('한국어…');
  });
});
