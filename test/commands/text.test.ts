import { table } from '../../commands/_table';
import { clip, clipLines, clipWidth, code, displayWidth, escapeMarkdown } from '../../commands/_text';

const more = (count: number): string => `and ${count} more`;

describe('text in embeds', () => {
  it('cannot break out of inline code', () => {
    expect(code('a`b\n``` @everyone')).toBe('`aˋb ˋˋˋ @everyone`');
    expect(code('\u202Egnp.exe\u0000')).toBe('`gnp.exe`');
    expect(code(' ')).toBe('`–`');
    expect(code('x'.repeat(500), 50)).toHaveLength(50);
  });

  it('shows markdown and mentions as they are written', () => {
    expect(escapeMarkdown('**<@1>** _x_ [y](z)')).toBe('\\*\\*\\<@\u200b1>\\*\\* \\_x\\_ \\[y](z)');
  });

  it('is cut between characters', () => {
    expect(clip('😀😀', 4)).toBe('😀😀');
    expect(clip('😀😀', 3)).toBe('😀…');
    expect(clip('😀😀', 2)).toBe('…');
  });

  it('says how many lines are missing', () => {
    const lines = ['first', 'second', 'third', 'fourth'];
    expect(clipLines(lines, 100, more)).toBe(lines.join('\n'));
    expect(clipLines(lines, 24, more)).toBe('first\nsecond\nand 2 more');
    expect(clipLines(['x'.repeat(99)], 20, more)).toBe('and 1 more');
  });

  it('lines up in a monospaced font with Korean in it', () => {
    const lines = table([
      ['명령어', '호출'],
      ['ping', '2,000'],
      ['핑', '7'],
    ]).split('\n');
    expect(lines).toEqual(['명령어   호출', 'ping    2,000', '핑          7']);
    expect(new Set(lines.map(displayWidth)).size).toBe(1);
  });

  it('counts wide characters twice when it is cut to a width', () => {
    expect(clipWidth('명령어통계', 10)).toBe('명령어통계');
    expect(clipWidth('명령어통계', 9)).toBe('명령어통…');
    expect(clipWidth('명령어통계', 8)).toBe('명령어…');
  });
});
