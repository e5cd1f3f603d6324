import { span, type Line, type Span, type Style } from './rich';
import { timestamp } from './timestamp';

/** What the text is read with: by whom, and when. */
export interface Reader {
  readonly locale: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The name behind a mention's id; null if nobody has it. */
  readonly nameOf: (id: string) => string | null;
}

const FENCE = /```(?:[\w+-]*\n)?([\s\S]*?)```/g;
const INLINE = new RegExp(
  [
    String.raw`\\(?<escaped>[^\p{L}\p{N}\s])`,
    '`(?<code>[^`]+)`',
    String.raw`\*\*(?<bold>.+?)\*\*`,
    String.raw`__(?<underline>.+?)__`,
    String.raw`\*(?<italic>[^\s*][^*]*)\*`,
    String.raw`\[(?<label>[^\]]+)\]\((?<address>https?://[^)\s]+)\)`,
    String.raw`<t:(?<seconds>-?\d+)(?::(?<style>[tTdDfFR]))?>`,
    String.raw`<(?<sign>@[!&]?|#)(?<id>\d+)>`,
  ].join('|'),
  'gu',
);

/** Text as Discord shows it, as far as a terminal can: emphasis, code, timestamps and mentions. */
export function markdown(text: string, reader: Reader): readonly Line[] {
  const lines: Line[] = [];
  let from = 0;
  for (const fence of text.matchAll(FENCE)) {
    lines.push(...proseLines(text.slice(from, fence.index), reader));
    lines.push(...codeLines(fence[1] ?? ''));
    from = fence.index + fence[0].length;
  }
  return [...lines, ...proseLines(text.slice(from), reader)];
}

function codeLines(code: string): readonly Line[] {
  return code
    .replace(/^\n|\n$/g, '')
    .split('\n')
    .map((line) => [span(line, 'code')]);
}

function proseLines(text: string, reader: Reader): readonly Line[] {
  const prose = text.replace(/^\n|\n$/g, '');
  return prose === '' ? [] : prose.split('\n').map((line) => inline(line, reader, []));
}

function inline(text: string, reader: Reader, styles: readonly Style[]): Line {
  const spans: Span[] = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) spans.push(span(text.slice(from, match.index), ...styles));
    spans.push(...marked(match.groups ?? {}, reader, styles));
    from = match.index + match[0].length;
  }
  return from < text.length ? [...spans, span(text.slice(from), ...styles)] : spans;
}

function marked(
  groups: Readonly<Record<string, string | undefined>>,
  reader: Reader,
  styles: readonly Style[],
): Line {
  const { escaped, code, bold, underline, italic, label, address, seconds, sign = '', id = '' } = groups;
  if (escaped !== undefined) return [span(escaped, ...styles)];
  if (code !== undefined) return [span(code, ...styles, 'code')];
  if (bold !== undefined) return inline(bold, reader, [...styles, 'bold']);
  if (underline !== undefined) return inline(underline, reader, [...styles, 'underline']);
  if (italic !== undefined) return inline(italic, reader, [...styles, 'italic']);
  if (label !== undefined && address !== undefined) {
    return [{ ...span(label, ...styles, 'link'), address }];
  }
  if (seconds !== undefined) {
    return [span(timestamp(Number(seconds), groups.style ?? 'f', reader.locale, reader.now), ...styles)];
  }
  return [span(`${sign.charAt(0)}${reader.nameOf(id) ?? 'unknown'}`, ...styles, 'cyan')];
}
