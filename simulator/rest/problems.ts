import { ApiError } from './errors';

export type Path = readonly (string | number)[];

interface ErrorNode {
  [key: string]: ErrorNode | { code: string; message: string }[];
}

/** What is wrong with a body, gathered so that all of it is reported together. */
export class Problems {
  readonly #root: ErrorNode = {};
  #count = 0;

  add(path: Path, code: string, message: string): void {
    let node = this.#root;
    for (const key of path) {
      const next = node[String(key)];
      if (next === undefined || Array.isArray(next)) node = node[String(key)] = {};
      else node = next;
    }
    const known = node._errors;
    const error = { code, message };
    if (Array.isArray(known)) known.push(error);
    else node._errors = [error];
    this.#count += 1;
  }

  required(path: Path): void {
    this.add(path, 'BASE_TYPE_REQUIRED', 'This field is required');
  }

  choice(path: Path, allowed: readonly (string | number)[]): void {
    const list = allowed.map((value) => `'${value}'`).join(', ');
    this.add(path, 'BASE_TYPE_CHOICES', `Value must be one of {${list}}.`);
  }

  /** A string of `min` to `max` characters. Says whether it is one. */
  text(value: unknown, path: Path, min: number, max: number): value is string {
    if (value === undefined || value === null || (value === '' && min > 0)) {
      if (min > 0) this.required(path);
      return false;
    }
    if (typeof value !== 'string') {
      this.add(path, 'STRING_TYPE_CONVERT', `Could not interpret "${JSON.stringify(value)}" as string.`);
      return false;
    }
    return this.length(characterCount(value), path, min, max);
  }

  /** The number of characters or items is in bounds. Says whether it is. */
  length(length: number, path: Path, min: number, max: number): boolean {
    if (length >= min && length <= max) return true;
    if (min > 0) {
      this.add(path, 'BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`);
    } else {
      this.add(path, 'BASE_TYPE_MAX_LENGTH', `Must be ${max} or fewer in length.`);
    }
    return false;
  }

  /** The refusal with Discord's nested `errors`. */
  toError(): ApiError {
    return new ApiError(400, 50_035, 'Invalid Form Body', { errors: this.#root });
  }

  throwIfAny(): void {
    if (this.#count > 0) throw this.toError();
  }
}

/** Discord counts code points. */
export function characterCount(text: string): number {
  return Array.from(text).length;
}

/** A refusal for one problem alone. */
export function invalidForm(path: Path, code: string, message: string): ApiError {
  const problems = new Problems();
  problems.add(path, code, message);
  return problems.toError();
}
