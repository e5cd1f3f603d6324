/**
 * Puts another function in the place of one that an object has, or inherits.
 *
 * @returns what puts the first one back. It leaves all as it is where somebody has replaced the function since: the
 * substitute then has to pass on what comes.
 */
export function replaceFunction<Owner extends object, Name extends keyof Owner>(
  owner: Owner,
  name: Name,
  substituteFor: (original: Owner[Name]) => Owner[Name],
): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  const substitute = substituteFor(owner[name]);
  const enumerable = before?.enumerable ?? false;
  Object.defineProperty(owner, name, { value: substitute, writable: true, configurable: true, enumerable });
  return () => {
    if (owner[name] !== substitute) return;
    if (before === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, before);
  };
}
