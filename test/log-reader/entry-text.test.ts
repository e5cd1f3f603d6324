import { parseEntry } from '../../src/log-reader/entry';
import { createEntryText } from '../../src/log-reader/entry-text';
import { line } from './support';

it('shows the fields of a line, and not the build, which all lines have: --json keeps it', () => {
  const text = line(1, { ticket: 7 });
  expect(text).toMatch(/"version":"1\.2\.3","commit":"4bf92f3"\}$/);
  const entry = parseEntry(text);
  expect(entry && createEntryText(false)(entry)).toBe('2026-01-31 10:00:01.000 INFO  bot: line 1 ticket=7');
});

it('says so where a line is nested too deep to be shown, and goes on: one such line would hide all others', () => {
  const deep = `${'['.repeat(8000)}${']'.repeat(8000)}`;
  const entry = parseEntry(line(1).replace(/\}$/, `,"deep":${deep}}`));
  if (entry === null) throw new Error('the line was not understood');
  expect(createEntryText(false)(entry)).toMatch(/^2026-01-31 10:00:01\.000 INFO {2}bot: line 1 .*too deep/);
});
