/** What one can type, apart from the commands of the bot. */
export type Typed =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'command'; readonly line: string }
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'as'; readonly name: string; readonly locale: string | null }
  | { readonly kind: 'in'; readonly place: string }
  | { readonly kind: 'press'; readonly number: number }
  | { readonly kind: 'choose'; readonly text: string }
  | { readonly kind: 'fault'; readonly words: readonly string[] }
  | { readonly kind: 'help' }
  | { readonly kind: 'quit' }
  | { readonly kind: 'unknown'; readonly hint: string };

export const TYPING_HELP = `  /…                a command of the bot: /stats period:24h, /roll dice:2d6, /crash kind:async
  @bot …            the same in a message, where a command allows it: @bot stats 7d
  as <name>         be somebody else: as jun (Korean), as mina, as kim (the owner); "as yuki ja" adds a person
  in <place>        go to another server or channel: in lobby, in #bots, in dm
  press <n>         press a button of the last message that has any
  choose <value>    choose from its menu, by value or label; where there are several: choose 2 <value>
  fault <kind>      reconnect, close, latency 2s, 500, off
  help, quit        TAB completes all of these: commands, options, choices and what the bot suggests
                    Forms (modals) cannot be filled in here.`;

/** Where in a line of it the words begin that say what it is. */
export const HELP_INDENT = 20;

const UNKNOWN = 'Type / to see the commands (TAB lists them), or help.';
const NAME = /^[\p{L}\p{N}_.-]{1,32}$/u;
const LOCALE = /^[a-z]{2}(?:-[A-Z]{2})?$/;

/** Reads a line. Never throws. */
export function parseTyped(line: string): Typed {
  const text = line.trim();
  if (text === '') return { kind: 'nothing' };
  if (text.startsWith('/')) return text === '/' ? unknown(UNKNOWN) : { kind: 'command', line: text };
  if (text.startsWith('@')) return { kind: 'message', text };
  const [word = '', ...rest] = text.split(/\s+/);
  switch (word) {
    case 'as':
      return parseAs(rest);
    case 'in':
      return rest.length === 0
        ? unknown('Where? Like this: in lobby, in #bots, in dm.')
        : { kind: 'in', place: rest.join(' ') };
    case 'press':
      return /^[1-9]\d?$/.test(rest.join(' '))
        ? { kind: 'press', number: Number(rest[0]) }
        : unknown('Which button? Like this: press 1.');
    case 'choose':
      return rest.length === 0
        ? unknown('Choose what? Like this: choose 7d.')
        : { kind: 'choose', text: rest.join(' ') };
    case 'fault':
      return { kind: 'fault', words: rest };
    case 'help':
    case '?':
      return { kind: 'help' };
    case 'quit':
    case 'exit':
      return { kind: 'quit' };
    default:
      return unknown(`"${word}" is nothing to type here. ${UNKNOWN}`);
  }
}

function parseAs(words: readonly string[]): Typed {
  const [name = '', locale] = words;
  if (!NAME.test(name)) return unknown('As whom? Like this: as jun.');
  if (locale !== undefined && !LOCALE.test(locale))
    return unknown('A locale looks like ko or pt-BR: as yuki ja.');
  return { kind: 'as', name, locale: locale ?? null };
}

function unknown(hint: string): Typed {
  return { kind: 'unknown', hint };
}
