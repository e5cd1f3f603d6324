import { cut } from '../logging/cut';
import { chainOf, describeThrown, type Thrown } from '../logging/thrown';

/** Whatever was thrown, as a span tells of it. */
export interface Exception {
  /** The error's class; `NonError` for what is no error. */
  readonly type: string;
  readonly message: string;
  /** With those of its causes, as Node prints them. Null where there is neither. */
  readonly stack: string | null;
}

/** Takes secrets out of a text, and what a user typed. */
export type Redact = (text: string) => string;

const MAX_TYPE = 100;
const MAX_MESSAGE = 1000;
const MAX_STACK = 8000;

/** Describes what was thrown: redacted and bounded. Never throws, not even for an object whose getters do. */
export function describeException(thrown: unknown, redact: Redact): Exception {
  const described = describeThrown(thrown, redact);
  return {
    type: cut(described.name, MAX_TYPE),
    message: cut(described.message, MAX_MESSAGE),
    stack: stackOf(described),
  };
}

/** Each error of the chain gets its share of the length: a long stack hides no cause. */
function stackOf(thrown: Thrown): string | null {
  const chain = chainOf(thrown);
  if (chain.length === 1 && thrown.stack === null) return null;
  const share = Math.floor(MAX_STACK / chain.length);
  return cut(printed(thrown, new Set(chain), share), MAX_STACK);
}

function printed(thrown: Thrown, told: ReadonlySet<Thrown>, share: number): string {
  const below = (one: Thrown, spaces: number): string =>
    printed(one, told, share).replaceAll('\n', `\n${' '.repeat(spaces)}`);
  const { cause } = thrown;
  const errors = thrown.errors.filter((one) => told.has(one)).map((one) => below(one, 4));
  const behind = [
    ...(cause !== null && told.has(cause) ? [`[cause]: ${below(cause, 2)}`] : []),
    ...(errors.length === 0 ? [] : [`[errors]: [\n    ${errors.join(',\n    ')}\n  ]`]),
  ];
  const own = cut(ownText(thrown), share);
  return behind.length === 0 ? own : `${own} {\n  ${behind.join(',\n  ')}\n}`;
}

function ownText({ name, message, stack }: Thrown): string {
  return stack ?? (name === 'NonError' ? message : `${name}: ${message}`);
}
