import { types } from 'node:util';
import { isError, plainError } from './errors';
import { readProperty, type Plain, type PlainObject, type ToPlain } from './plain';
import { REDACTED, type Redactor } from './redact';

/** Characters of one string, and of all strings of one line. */
export const MAX_STRING_LENGTH = 16 * 1024;
const MAX_LINE_LENGTH = 4 * MAX_STRING_LENGTH;
const MAX_KEY_LENGTH = 256;
const MAX_DEPTH = 8;
const MAX_ITEMS = 100;
const MAX_OBJECTS = 1000;

/** Turns the values of one line into plain ones, within a budget that they share. Never throws. */
export class PlainWriter implements ToPlain {
  private readonly ancestors: unknown[] = [];
  private objectsLeft = MAX_OBJECTS;
  private charactersLeft = MAX_LINE_LENGTH;

  constructor(private readonly redactor: Redactor) {}

  text(text: string): string {
    const limit = Math.min(MAX_STRING_LENGTH, this.charactersLeft);
    if (text.length <= limit) return this.spend(this.redactor.text(text));
    // The cut may go through a secret, which is then not recognised: what lies that close to it goes as well.
    const head = this.redactor.text(text.slice(0, limit + this.redactor.longest));
    const kept = head.slice(0, Math.max(0, Math.min(limit, head.length - this.redactor.longest)));
    return `${this.spend(kept)}… [cut, ${text.length} characters]`;
  }

  /** A property's name, redacted as any text is. */
  key(key: string): string {
    return this.text(key.length > MAX_KEY_LENGTH ? key.slice(0, MAX_KEY_LENGTH) : key);
  }

  value(value: unknown): Plain {
    switch (typeof value) {
      case 'string':
        return this.text(value);
      case 'number':
        return Number.isFinite(value) ? value : String(value);
      case 'boolean':
        return value;
      case 'undefined':
        return null;
      case 'object':
        return value === null ? null : this.object(value);
      case 'function':
        return '[function]';
      case 'bigint':
      case 'symbol':
        return this.text(String(value));
    }
  }

  /** A value under its name: blanked out where the name says that it is secret. */
  property(key: string, value: unknown): Plain {
    const isOpen = value === null || typeof value === 'boolean' || !this.redactor.isSecretKey(key);
    return isOpen ? this.value(value) : REDACTED;
  }

  private spend(text: string): string {
    this.charactersLeft -= text.length;
    return text;
  }

  private object(value: object): Plain {
    if (this.ancestors.includes(value)) return '[circular]';
    if (this.ancestors.length >= MAX_DEPTH || this.objectsLeft <= 0) return '[cut]';
    this.objectsLeft -= 1;
    this.ancestors.push(value);
    try {
      return this.described(value);
    } catch {
      // A getter, a toJSON or a proxy threw; its error may be as unfit to look at as the object.
      return '[unreadable]';
    } finally {
      this.ancestors.pop();
    }
  }

  private described(value: object): Plain {
    if (isError(value)) return plainError(value, this);
    if (Array.isArray(value)) return this.items(value, value.length);
    if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return `[${value.byteLength} bytes]`;
    if (types.isDate(value)) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    if (types.isRegExp(value)) return this.text(String(value));
    if (types.isBoxedPrimitive(value)) return this.value(value.valueOf());
    if (types.isSet(value)) return this.items(value, value.size);
    if (types.isMap(value)) return this.entries(value, value.size);
    if (hasToJson(value)) return this.value(value.toJSON());
    const keys = Object.keys(value);
    return this.entries(properties(value, keys), keys.length);
  }

  private items(items: Iterable<unknown>, count: number): Plain {
    const plain: Plain[] = [];
    for (const item of items) {
      if (plain.length >= MAX_ITEMS) return [...plain, `[${count - MAX_ITEMS} more]`];
      plain.push(this.value(item));
    }
    return plain;
  }

  private entries(entries: Iterable<readonly [unknown, unknown]>, count: number): PlainObject {
    const plain: [string, Plain][] = [];
    for (const [key, value] of entries) {
      if (plain.length >= MAX_ITEMS) {
        plain.push(['…', `[${count - MAX_ITEMS} more]`]);
        break;
      }
      const name = String(key);
      if (value !== undefined) plain.push([this.key(name), this.property(name, value)]);
    }
    return Object.fromEntries(plain);
  }
}

/** The properties one by one, so that a getter that throws spoils itself alone, and none is called beyond the limit. */
function* properties(object: object, keys: readonly string[]): Generator<readonly [string, unknown]> {
  for (const key of keys) yield [key, readProperty(object, key)];
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}
