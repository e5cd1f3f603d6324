import type { Redactor } from './redact';
import { isCountName } from './secret-names';

const MAX_LENGTH = 256;
const MAX_REMEMBERED = 1000;

/** The name of a field, as it may be written. */
export interface Name {
  /** Redacted as any text is, and cut where it is too long. */
  readonly text: string;
  /** Whether what stands under it is secret, whatever it is. */
  readonly isSecret: boolean;
  /** Whether a number under it is not, as it counts or times secrets. */
  readonly isCount: boolean;
}

/** What there is to know of a name. */
export type Names = (name: string) => Name;

/** Looks at each name once: programs log under a few names, again and again. Those beyond a thousand cost a look each. */
export function createNames(redactor: Redactor): Names {
  const known = new Map<string, Name>();
  return (name) => {
    const seen = known.get(name);
    if (seen !== undefined) return seen;
    const isSecret = redactor.isSecretKey(name.slice(0, MAX_LENGTH + redactor.longest));
    const looked = { text: textOf(name, redactor), isSecret, isCount: isSecret && isCountName(name) };
    if (known.size < MAX_REMEMBERED && name.length <= MAX_LENGTH) known.set(name, looked);
    return looked;
  };
}

/** As with any text that is cut, what lies close to the cut goes too: it may be the beginning of a secret. */
function textOf(name: string, { text, longest }: Redactor): string {
  if (name.length <= MAX_LENGTH) return text(name);
  const head = text(name.slice(0, MAX_LENGTH + longest));
  return `${head.slice(0, Math.max(0, Math.min(MAX_LENGTH, head.length - longest)))}…`;
}
