import { setTimeout as sleep } from 'node:timers/promises';
import type { SimulatedMessage, Simulator } from '../../index';
import { CROWD, HOST, type Actor } from '../crowd/cast';
import { FAULTS, injectFault } from '../faults';
import type { Ledger } from '../ledger';
import { placeName, placeOptions, type Stage } from '../stage';
import { answerLines, indented, noResponseLine } from '../view/entry';
import { buttonsOf, messageLines } from '../view/message';
import { span, wrapLine, type Line } from '../view/rich';
import { complete, type Candidate, type Completion } from './complete';
import { toRegistered } from './menu';
import { moveTo, placeWords } from './places';
import { parseTyped, TYPING_HELP, type Typed } from './typed';

export interface SessionOptions {
  readonly discord: Simulator;
  readonly stage: Stage;
  readonly ledger: Ledger;
  readonly print: (lines: readonly Line[]) => void;
  readonly columns: () => number;
  readonly onQuit: () => void;
}

/** For how long an answer is waited for before the user gets on with it. */
const PATIENCE_MS = 20_000;
const SUGGESTION_PATIENCE_MS = 3_000;
const NO_BUTTON = 'There is no such button: "press 1" is the first one of the last message that has any.';

/** Somebody at the keyboard: who they are, where they are, and what they do. */
export class Session {
  readonly #options: SessionOptions;
  #actor: Actor = HOST;
  #pressable: SimulatedMessage | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** What stands before the line that is typed. */
  get prompt(): string {
    return `${this.#actor.name}> `;
  }

  /** Does what a line says. Resolves when the answer has been shown; never rejects. */
  async submit(line: string): Promise<void> {
    try {
      await this.#perform(parseTyped(line));
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error), 'red');
    }
  }

  /** How the line can go on. Never rejects. */
  async complete(line: string): Promise<Completion> {
    const { discord } = this.#options;
    const suggest = (asked: string): Promise<readonly Candidate[]> => this.#suggest(asked);
    const sources = {
      commands: discord.commands(),
      locale: this.#actor.locale,
      words: words(discord),
      suggest,
    };
    return complete(line, sources).catch(() => ({ candidates: [], fragment: '' }));
  }

  async #perform(typed: Typed): Promise<void> {
    const { discord, onQuit } = this.#options;
    if (typed.kind === 'command') await this.#run(typed.line);
    if (typed.kind === 'press') await this.#press(typed.number);
    if (typed.kind === 'as') this.#become(asPerson(typed.name, typed.locale, this.#actor));
    if (typed.kind === 'in') this.#become(moveTo(typed.place, this.#actor, discord.guilds));
    if (typed.kind === 'fault') this.#say(injectFault(typed.words, discord));
    if (typed.kind === 'help') this.#say(TYPING_HELP);
    if (typed.kind === 'unknown') this.#say(typed.hint, 'red');
    if (typed.kind === 'quit') onQuit();
  }

  async #run(line: string): Promise<void> {
    const { discord, stage, ledger, print, columns } = this.#options;
    const actor = this.#actor;
    const registered = toRegistered(line, discord.commands(), actor.locale);
    const entry = stage.act(actor, { kind: 'command', line: registered });
    const { exchange } = entry;
    const state = await exchange.answer();
    if (state.kind === 'thinking') print([[span('  telltale is thinking…', 'dim')]]);
    if (state.kind === 'did_not_respond') print([noResponseLine()]);
    await Promise.race([ledger.settlement(entry), sleep(PATIENCE_MS, undefined, { ref: false })]);
    print(answerLines(entry, columns(), stage.reader(actor)));
    const withButtons = exchange.messages.findLast(({ components }) => buttonsOf(components).length > 0);
    this.#pressable = withButtons ?? this.#pressable;
  }

  async #press(number: number): Promise<void> {
    const { stage, ledger, print, columns } = this.#options;
    const actor = this.#actor;
    const message = this.#pressable;
    const button = message === null ? undefined : buttonsOf(message.components)[number - 1];
    if (message === null || button === undefined) throw new Error(NO_BUTTON);
    const exchange = stage.user(actor).press(message, button.customId, placeOptions(actor));
    ledger.expect(exchange);
    const state = await exchange.answer();
    if (state.kind === 'did_not_respond') print([noResponseLine()]);
    else print(indented(messageLines(message, columns() - 2, stage.reader(actor))));
  }

  async #suggest(line: string): Promise<readonly Candidate[]> {
    const { exchange } = this.#options.stage.act(this.#actor, { kind: 'suggestion', line });
    const state = await exchange.answer({ timeoutMs: SUGGESTION_PATIENCE_MS });
    if (state.kind !== 'choices') return [];
    return state.choices.map(({ name, value }) => ({
      value: String(value),
      note: name === value ? '' : name,
    }));
  }

  #become(actor: Actor): void {
    this.#actor = actor;
    this.#say(`You are ${actor.name} (${actor.locale}) in ${placeName(actor)}.`);
  }

  #say(text: string, style: 'dim' | 'red' = 'dim'): void {
    const { print, columns } = this.#options;
    print(text.split('\n').flatMap((line) => wrapLine([span(line, style)], columns())));
  }
}

/** Somebody of the cast, where they usually are; anybody else is where the actor is now. */
function asPerson(name: string, locale: string | null, actor: Actor): Actor {
  const known = [HOST, ...CROWD].find((person) => person.name === name);
  const person = known ?? { ...actor, name, locale: HOST.locale };
  return { ...person, locale: locale ?? person.locale };
}

function words({ guilds }: Simulator) {
  return {
    as: { note: 'be somebody else', values: [HOST, ...CROWD].map(({ name }) => name) },
    in: { note: 'go to another server or channel', values: placeWords(guilds) },
    press: { note: 'press a button', values: [] },
    fault: { note: 'let something go wrong', values: FAULTS },
    help: { note: 'what one can type', values: [] },
    quit: { note: 'stop the demo', values: [] },
  };
}
