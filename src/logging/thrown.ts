import { plainThrown } from './errors';
import { createNames } from './names';
import { isPlainArray, isPlainObject, type Plain, type PlainObject } from './plain';
import { PlainWriter } from './plain-writer';
import { isSecretName } from './redact';

/** What was thrown, for what tells of it on other ways than the log: in the log's own words, so that they agree. */

/** An error with what stands behind it; every text without secrets, and without what was typed. */
export interface Thrown {
  /** The error's class; `NonError` for what is no error. */
  readonly name: string;
  readonly message: string;
  readonly stack: string | null;
  readonly cause: Thrown | null;
  /** Those that an AggregateError gathers, at most ten. */
  readonly errors: readonly Thrown[];
}

/** More of them are told of nowhere. */
const MAX_CHAIN = 10;
/** No secret is longer, in characters: a text that is cut may have cut one in two. */
const LONGEST_SECRET = 4096;

/**
 * Describes whatever was thrown, bounded as a line of the log is. It costs what redacting an error costs, and never
 * throws, not even for an object whose getters do.
 *
 * @param redact gives a text without secrets, and without what was typed.
 */
export function describeThrown(thrown: unknown, redact: (text: string) => string): Thrown {
  const redactor = { text: redact, isSecretKey: isSecretName, longest: LONGEST_SECRET };
  return thrownOf(plainThrown(thrown, new PlainWriter(redactor, createNames(redactor))), redact);
}

/** The error and what is behind it, the nearer first: at most ten. */
export function chainOf(thrown: Thrown): readonly Thrown[] {
  const chain = [thrown];
  for (let at = 0; at < chain.length && chain.length < MAX_CHAIN; at += 1) {
    const { cause = null, errors = [] } = chain[at] ?? {};
    chain.push(...(cause === null ? [] : [cause]), ...errors);
  }
  return chain.slice(0, MAX_CHAIN);
}

/** Numbers inside of what is no error become text only now: what was typed is looked for in them once more. */
function thrownOf(error: PlainObject, redact: (text: string) => string): Thrown {
  const { name, message, stack, cause, errors } = error;
  return {
    name: textOf(name) || 'Error',
    message: redact(textOf(message)),
    stack: typeof stack === 'string' ? stack : null,
    cause: isPlainObject(cause) ? thrownOf(cause, redact) : null,
    errors: isPlainArray(errors) ? errors.filter(isPlainObject).map((one) => thrownOf(one, redact)) : [],
  };
}

const textOf = (value: Plain | undefined): string => (typeof value === 'string' ? value : '');
