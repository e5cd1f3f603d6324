import { types } from 'node:util';
import { isError, plainError } from './errors';
import type { Names } from './names';
import { readProperty, type Plain, type PlainObject, type ToPlain } from './plain';
import { REDACTED, type Redactor } from './redact';

/** Characters of one string, and of all strings of one line. */
export const MAX_STRING_LENGTH = 16 * 1024;
const MAX_LINE_LENGTH = 4 * MAX_STRING_LENGTH;
const MAX_DEPTH = 8;
const MAX_ITEMS = 100;
/** What an item costs of the characters of a line, whatever it is: an endless list of nothing ends too. */
const ITEM_COST = 16;
/** What a control costs in a line, where it is written as `\\u202e`; of short texts they are not counted. */
const ESCAPE_COST = 5;
const SHORT_TEXT = 256;
const CONTROLS = /[\p{Cc}\p{Cf}]/gu;
/** What may be the name of a header. */
const HEADER = /^[\w-]{1,64}$/;
/** The names of what is a list in all but its kind. */
const INDEX = /^\d{1,3}$/;

/** Turns the values of one line into plain ones, within a budget that they share. Never throws. */
export class PlainWriter implements ToPlain {
  private readonly ancestors: unknown[] = [];
  private charactersLeft = MAX_LINE_LENGTH;

  constructor(
    private readonly redactor: Redactor,
    /** What may be written of the name of a field. */
    readonly names: Names,
  ) {}

  text(text: string): string {
    const limit = Math.max(0, Math.min(MAX_STRING_LENGTH, this.charactersLeft));
    if (text.length <= limit) return this.spend(this.redactor.text(text));
    if (limit === 0) return `[cut, ${text.length} characters]`;
    // The cut may go through a secret, which is then not recognised: what lies that close to it goes as well.
    const head = this.redactor.text(text.slice(0, limit + this.redactor.longest));
    const kept = head.slice(0, Math.max(0, Math.min(limit, head.length - this.redactor.longest)));
    return `${this.spend(kept)}… [cut, ${text.length} characters]`;
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
    if (value === null || typeof value === 'boolean') return value;
    const { isSecret, isCount } = this.names(key);
    return isSecret && !(isCount && typeof value === 'number') ? REDACTED : this.value(value);
  }

  private spend(text: string): string {
    this.charactersLeft -= text.length;
    if (text.length > SHORT_TEXT) this.charactersLeft -= ESCAPE_COST * (text.match(CONTROLS)?.length ?? 0);
    return text;
  }

  private object(value: object): Plain {
    if (this.ancestors.includes(value)) return '[circular]';
    if (this.ancestors.length >= MAX_DEPTH || this.charactersLeft <= 0) return '[cut]';
    this.charactersLeft -= ITEM_COST;
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
    let before: unknown;
    for (const item of items) {
      if (this.isFull(plain.length)) return [...plain, `[${count - plain.length} more]`];
      plain.push(this.isHeader(before, item) ? REDACTED : this.value(item));
      before = item;
    }
    return plain;
  }

  private entries(entries: Iterable<readonly [unknown, unknown]>, count: number): PlainObject {
    const plain: [string, Plain][] = [];
    let before: unknown;
    for (const [key, value] of entries) {
      if (this.isFull(plain.length)) {
        plain.push(['…', `[${count - plain.length} more]`]);
        break;
      }
      const name = String(key);
      if (value === undefined) continue;
      const isHeader = INDEX.test(name) && this.isHeader(before, value);
      plain.push([this.spend(this.names(name).text), isHeader ? REDACTED : this.property(name, value)]);
      before = value;
    }
    return this.withoutNamedValue(Object.fromEntries(plain));
  }

  /** Whether there is no room for one item more; otherwise it is paid for. */
  private isFull(items: number): boolean {
    if (items >= MAX_ITEMS || this.charactersLeft <= 0) return true;
    this.charactersLeft -= ITEM_COST;
    return false;
  }

  /** Headers come as lists too: a name, and behind it its value, or a list of those. */
  private isHeader(before: unknown, item: unknown): boolean {
    const mayBe = typeof item === 'string' || Array.isArray(item);
    return mayBe && typeof before === 'string' && HEADER.test(before) && this.names(before).isSecret;
  }

  /** And as objects of a name and a value, as variables of an environment do. */
  private withoutNamedValue(object: PlainObject): PlainObject {
    const { value } = object;
    const name = object.name ?? object.key;
    if (value === undefined || typeof name !== 'string' || !HEADER.test(name)) return object;
    return this.names(name).isSecret ? { ...object, value: REDACTED } : object;
  }
}

/** The properties one by one, so that a getter that throws spoils itself alone, and none is called beyond the limit. */
function* properties(object: object, keys: readonly string[]): Generator<readonly [string, unknown]> {
  for (const key of keys) yield [key, readProperty(object, key)];
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}
