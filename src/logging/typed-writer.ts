import {
  CULPRITS,
  DEADLINE_RESULTS,
  FAILURE_REASONS,
  OUTCOME_KINDS,
  REFUSAL_REASONS,
  type Invocation,
} from '../telemetry/event';
import type { Names } from './names';
import { readProperty, type Plain } from './plain';
import { PlainWriter } from './plain-writer';
import { REDACTED, type Redactor } from './redact';
import { createTypedRedactors, type TypedRedactor } from './typed-values';

/** What a writer has to know of a line. */
interface Logged {
  readonly logger: string;
  readonly message: unknown;
  readonly fields: unknown;
  readonly invocation?: Invocation | undefined;
}

const SETTLED = 'command_settled';

/** Words of ours, by the fields that hold them: whoever types one takes nothing out of the line. */
const CLOSED: ReadonlyMap<string, ReadonlySet<unknown>> = new Map<string, ReadonlySet<unknown>>([
  ['event', new Set([SETTLED, 'second_instance_suspected'])],
  ['outcome', new Set(OUTCOME_KINDS)],
  ['reason', new Set([...FAILURE_REASONS, ...REFUSAL_REASONS])],
  ['deadline', new Set(DEADLINE_RESULTS)],
  ['late_by', new Set(CULPRITS)],
]);
const CLOSED_NAMES: ReadonlySet<string> = new Set([...CLOSED.keys(), 'error']);
const MEASURED = /_(?:ms|seconds|bytes)$/;

/** Gives the writer for a line: one that knows what was typed, where anything was. */
export function createWriters(redactor: Redactor, names: Names): (line: Logged) => PlainWriter {
  const redactors = createTypedRedactors(redactor);
  return (line) => {
    const typed = line.invocation?.typed;
    if (typed === undefined || typed.length === 0) return new PlainWriter(redactor, names);
    return new TypedWriter(redactors(typed), names, closedMessage(line));
  };
}

/** The sentence that settles a command, which is made of closed words alone. */
function closedMessage({ logger, message, fields }: Logged): unknown {
  const isSettled =
    logger === 'commands' &&
    typeof fields === 'object' &&
    fields !== null &&
    readProperty(fields, 'event') === SETTLED;
  return isSettled ? message : null;
}

/** Takes out what was typed as well, wherever it stands in the values of a line. */
class TypedWriter extends PlainWriter {
  constructor(
    private readonly typed: TypedRedactor,
    names: Names,
    private readonly closed: unknown,
  ) {
    super(typed, (name) => {
      const known = names(name);
      const isClosed = CLOSED_NAMES.has(name) || MEASURED.test(name);
      return isClosed ? known : { ...known, text: typed.name(known.text) };
    });
  }

  override text(text: string): string {
    return text === this.closed ? text : super.text(text);
  }

  override value(value: unknown): Plain {
    return typeof value === 'number' && this.typed.isTyped(value) ? REDACTED : super.value(value);
  }

  override property(name: string, value: unknown): Plain {
    if (CLOSED.get(name)?.has(value) === true && typeof value === 'string') return value;
    if (typeof value === 'number' && MEASURED.test(name)) return super.value(value);
    return super.property(name, value);
  }
}
