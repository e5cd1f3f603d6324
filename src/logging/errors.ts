import { types } from 'node:util';
import {
  isPlainArray,
  isPlainObject,
  readProperty,
  type Plain,
  type PlainObject,
  type ToPlain,
} from './plain';

const MAX_AGGREGATED = 10;
const CLASS_NAME = /^([A-Za-z]\w{0,63})(?:\[\w{1,32}\])?$/;

/** Whether this is an error, of whichever realm: `instanceof` alone does not know those of another one. */
export function isError(value: unknown): boolean {
  try {
    return (
      types.isNativeError(value) ||
      value instanceof Error ||
      Object.prototype.toString.call(value) === '[object DOMException]'
    );
  } catch {
    // A proxy may throw when it is asked what it is.
    return false;
  }
}

/**
 * Whatever was thrown, as `{ name, message, code?, stack?, cause?, errors? }`. What is not an error has the
 * name `NonError`, and as its message what it looks like. Never throws.
 */
export function plainThrown(thrown: unknown, to: ToPlain): PlainObject {
  const plain = thrown === undefined ? 'undefined' : to.value(thrown);
  if (isError(thrown) && isPlainObject(plain)) return plain;
  return { name: 'NonError', message: typeof plain === 'string' ? plain : JSON.stringify(plain) };
}

/** An error's facts and, nested, what caused it. */
export function plainError(error: object, to: ToPlain): PlainObject {
  const code = readProperty(error, 'code');
  const stack = readProperty(error, 'stack');
  const cause = readProperty(error, 'cause');
  const errors = readProperty(error, 'errors');
  return {
    name: classNameOf(error) ?? textOf(readProperty(error, 'name'), to),
    message: textOf(readProperty(error, 'message'), to),
    ...(typeof code === 'string' || typeof code === 'number' ? { code: to.value(code) } : {}),
    ...(typeof stack === 'string' ? { stack: to.text(stack) } : {}),
    ...(cause === undefined ? {} : { cause: plainThrown(cause, to) }),
    ...(Array.isArray(errors) ? { errors: aggregated(errors, to) } : {}),
  };
}

/** The name of an error that is the one of its class, which is a word of the code: `TypeError`, `DiscordAPIError[50035]`. */
function classNameOf(error: object): string | null {
  const name = readProperty(error, 'name');
  const made = readProperty(error, 'constructor');
  if (typeof name !== 'string' || typeof made !== 'function') return null;
  const [, className] = CLASS_NAME.exec(name) ?? [];
  return className !== undefined && className === readProperty(made, 'name') ? name : null;
}

/** What stands behind an error that was made plain: its cause, and the errors that it gathers. */
export function causesOf(error: PlainObject): readonly PlainObject[] {
  const gathered = isPlainArray(error.errors) ? error.errors : [];
  return [error.cause, ...gathered].filter(isPlainObject);
}

function aggregated(errors: readonly unknown[], to: ToPlain): Plain {
  const plain = errors.slice(0, MAX_AGGREGATED).map((error) => plainThrown(error, to));
  const more = errors.length - plain.length;
  return more > 0 ? [...plain, { name: 'NonError', message: `[${more} more]` }] : plain;
}

function textOf(value: unknown, to: ToPlain): string {
  const plain = value === undefined ? '' : to.value(value);
  return typeof plain === 'string' ? plain : JSON.stringify(plain);
}
