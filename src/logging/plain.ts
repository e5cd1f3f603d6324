/** What a line can hold: JSON, and nothing that is still alive. */
export type Plain = string | number | boolean | null | readonly Plain[] | PlainObject;
export interface PlainObject {
  readonly [name: string]: Plain;
}

/** Turns anything into plain values. Never throws. */
export interface ToPlain {
  /** The text, redacted, and cut where it is too long. */
  text(text: string): string;
  value(value: unknown): Plain;
}

/** A property's value; a note where its getter throws. */
export function readProperty(object: object, key: string): unknown {
  try {
    return Reflect.get(object, key);
  } catch {
    return '[unreadable]';
  }
}

export function isPlainObject(value: Plain | undefined): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isPlainArray(value: Plain | undefined): value is readonly Plain[] {
  return Array.isArray(value);
}
