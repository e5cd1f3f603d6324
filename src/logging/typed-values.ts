import { REDACTED, type Redactor } from './redact';
import { createFinder, type Finder, type Span } from './typed-finder';

/** What users typed, taken out of what is written in the name of their own invocation. */

/** Gives the redactor for what is logged in the name of an invocation in which these values were typed. */
export type TypedRedactors = (typed: readonly string[]) => TypedRedactor;

export interface TypedRedactor extends Redactor {
  /** The name of a field without what was typed: names are mostly the code's own words, of which a short part is no sign. */
  readonly name: (name: string) => string;
  /** Whether a number is one that was typed. */
  readonly isTyped: (value: number) => boolean;
}

interface Known {
  readonly typed: readonly string[];
  readonly redactor: TypedRedactor;
}

/** Lays what was typed over a redactor. Where nothing was typed, it costs nothing. */
export function createTypedRedactors(redactor: Redactor): TypedRedactors {
  const untyped: TypedRedactor = { ...redactor, name: redactor.text, isTyped: () => false };
  // More may be typed in the course of an invocation, and take the place of what was first.
  const known = new WeakMap<readonly string[], Known>();
  return (typed) => {
    if (typed.length === 0) return untyped;
    const before = known.get(typed);
    if (before !== undefined && isSame(before.typed, typed)) return before.redactor;
    const copy = [...typed];
    const made = typedRedactor(redactor, copy);
    known.set(typed, { typed: copy, redactor: made });
    return made;
  };
}

function isSame(before: readonly string[], typed: readonly string[]): boolean {
  return before.length === typed.length && before.every((value, index) => value === typed[index]);
}

function typedRedactor(redactor: Redactor, typed: readonly string[]): TypedRedactor {
  // Most invocations log nothing but closed texts: what is looked for is made for the first that is not.
  let finder: Finder | null = null;
  const find = (): Finder => (finder ??= createFinder(typed));
  return {
    ...redactor,
    text: (text) => withoutBoth(text, redactor.text(text), find().inText(text)),
    name: (name) => withoutBoth(name, redactor.text(name), find().inName(name)),
    isTyped: (value) => find().numbers.has(value),
  };
}

/**
 * A text without its secrets and without what was typed. Both are looked for in the text as it was: a word that was
 * typed may be what a secret is known by, and a secret may be a part of what was typed.
 */
function withoutBoth(text: string, redacted: string, typed: readonly Span[]): string {
  if (typed.length === 0) return redacted;
  const secret = redacted === text ? [] : spansTakenOut(text, redacted);
  // The rules for secrets keep what they do not take out as it is, so that this cannot be; if it is, all goes.
  return secret === null ? REDACTED : without(text, [...typed, ...secret]);
}

/** Where the marks of the one text stand in the other. Null if all that is not a mark is not found in it, in order. */
function spansTakenOut(text: string, redacted: string): Span[] | null {
  const [first = '', ...kept] = redacted.split(REDACTED);
  const last = kept.pop() ?? '';
  if (!text.startsWith(first) || !text.endsWith(last)) return null;
  const spans: Span[] = [];
  let at = first.length;
  for (const piece of kept) {
    const start = text.indexOf(piece, at);
    if (start < 0) return null;
    spans.push([at, start]);
    at = start + piece.length;
  }
  spans.push([at, text.length - last.length]);
  return at <= text.length - last.length ? spans : null;
}

/** The text with a mark in the place of each stretch; of those that touch, one. */
function without(text: string, spans: readonly Span[]): string {
  const sorted = [...spans].sort(([a], [b]) => a - b);
  let result = '';
  let at = 0;
  let isOpen = false;
  for (const [start, end] of sorted) {
    if (start > at || !isOpen) result += `${text.slice(at, Math.max(at, start))}${REDACTED}`;
    at = Math.max(at, end);
    isOpen = true;
  }
  return result + text.slice(at);
}
