import { setTimeout as sleep } from 'node:timers/promises';
import type { Exchange, PlaceOptions, SimulatedMessage, SimulatedUser, Simulator } from '../../index';
import { CROWD, HOST, type Actor } from '../crowd/cast';
import { FAULTS, injectFault } from '../faults';
import type { Entry, Ledger } from '../ledger';
import { placeName, placeOptions, type Stage } from '../stage';
import { buttonsOf, menusOf } from '../view/controls';
import { answerLines, noResponseLine } from '../view/entry';
import { span, wrapLine, type Line } from '../view/rich';
import { choicesOf, readChoice } from './choose';
import { followClick } from './click';
import { complete, type Candidate, type Completion, type Word } from './complete';
import { slashCommands, toRegistered } from './menu';
import { followMessage } from './say';
import { moveTo, placeWords } from './places';
import { HELP_INDENT, parseTyped, TYPING_HELP, type Typed } from './typed';

export interface SessionOptions {
  readonly discord: Simulator;
  readonly stage: Stage;
  readonly ledger: Ledger;
  readonly print: (lines: readonly Line[]) => void;
  readonly columns: () => number;
  readonly onQuit: () => void;
  /** Which commands are missing, and why; null: none. */
  readonly missing: string | null;
}

/** For how long an answer is waited for before the user gets on with it. */
const PATIENCE_MS = 20_000;
const SUGGESTION_PATIENCE_MS = 3_000;
const NO_BUTTON = 'There is no such button: "press 1" is the first one of the last message that has any.';
const NO_MENU = 'There is no menu to choose from.';
/** So many messages with buttons or menus are remembered. */
const REMEMBERED = 20;

/** Somebody at the keyboard: who they are, where they are, and what they do. */
export class Session {
  readonly #options: SessionOptions;
  #actor: Actor = HOST;
  /** Those that had buttons or menus when they were shown, the last one last. */
  #usable: readonly SimulatedMessage[] = [];

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
      words: this.#words(),
      suggest,
    };
    return complete(line, sources).catch(() => ({ candidates: [], fragment: '' }));
  }

  async #perform(typed: Typed): Promise<void> {
    const { discord, onQuit } = this.#options;
    if (typed.kind === 'command') await this.#run(typed.line);
    if (typed.kind === 'message') await this.#write(typed.text);
    if (typed.kind === 'press') await this.#press(typed.number);
    if (typed.kind === 'choose') await this.#choose(typed.text);
    if (typed.kind === 'as') this.#become(asPerson(typed.name, typed.locale, this.#actor));
    if (typed.kind === 'in') this.#become(moveTo(typed.place, this.#actor, discord.guilds));
    if (typed.kind === 'fault') this.#say(injectFault(typed.words, discord));
    if (typed.kind === 'help') this.#say(TYPING_HELP, 'dim', HELP_INDENT);
    if (typed.kind === 'unknown') this.#say(typed.hint, 'red');
    if (typed.kind === 'quit') onQuit();
  }

  async #run(line: string): Promise<void> {
    const { discord, stage, ledger, print, columns } = this.#options;
    const actor = this.#actor;
    const registered = toRegistered(line, discord.commands(), actor.locale);
    const entry = this.#act(registered);
    const { exchange } = entry;
    const state = await exchange.answer();
    if (state.kind === 'thinking') print([[span('  telltale is thinking…', 'dim')]]);
    if (state.kind === 'did_not_respond') print([noResponseLine()]);
    await Promise.race([ledger.settlement(entry), sleep(PATIENCE_MS, undefined, { ref: false })]);
    print(answerLines(entry, columns(), stage.reader(actor)));
    this.#remember(exchange.messages);
  }

  async #write(text: string): Promise<void> {
    const { discord, stage, ledger, print, columns } = this.#options;
    const actor = this.#actor;
    const user = stage.user(actor);
    const message = user.say(text, placeOptions(actor));
    const settled = ledger.expect(message);
    const view = { print, columns: columns(), reader: stage.reader(actor) };
    this.#remember(await followMessage({ discord, user, message, settled, ...view }));
  }

  /** Throws an error for the user if there is no such command, which says why where that is known. */
  #act(line: string): Entry {
    const { discord, stage, missing } = this.#options;
    try {
      return stage.act(this.#actor, { kind: 'command', line });
    } catch (error) {
      const isKnown = slashCommands(discord.commands()).some(
        ({ name }) => line.split(/\s/)[0] === `/${name}`,
      );
      if (isKnown || missing === null || !(error instanceof Error)) throw error;
      throw new Error(`${error.message}\n${missing}`, { cause: error });
    }
  }

  async #press(number: number): Promise<void> {
    const message = this.#lastWith(buttonsOf);
    const button = message === undefined ? undefined : buttonsOf(message.components)[number - 1];
    if (message === undefined || button === undefined) throw new Error(NO_BUTTON);
    await this.#click(message, (user, place) => user.press(message, button.customId, place));
  }

  async #choose(text: string): Promise<void> {
    const message = this.#lastWith(menusOf);
    if (message === undefined) throw new Error(NO_MENU);
    const { customId, values } = readChoice(text, menusOf(message.components));
    await this.#click(message, (user, place) => user.select(message, customId, values, place));
  }

  async #click(
    source: SimulatedMessage,
    act: (user: SimulatedUser, place: PlaceOptions) => Exchange,
  ): Promise<void> {
    const { stage, ledger, print, columns } = this.#options;
    const actor = this.#actor;
    const exchange = act(stage.user(actor), placeOptions(actor));
    const settled = ledger.expect(exchange);
    await followClick({ exchange, source, settled, print, columns: columns(), reader: stage.reader(actor) });
    this.#remember(exchange.messages);
  }

  #remember(messages: readonly SimulatedMessage[]): void {
    const usable = messages.filter(
      ({ components }) => buttonsOf(components).length > 0 || menusOf(components).length > 0,
    );
    const before = this.#usable.filter((message) => !usable.includes(message));
    this.#usable = [...before, ...usable].slice(-REMEMBERED);
  }

  #lastWith(controlsOf: typeof buttonsOf | typeof menusOf): SimulatedMessage | undefined {
    return this.#usable.findLast(({ deleted, components }) => !deleted && controlsOf(components).length > 0);
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

  /** The console's own words, and what may follow each. */
  #words(): Readonly<Record<string, Word>> {
    const { guilds } = this.#options.discord;
    const buttons = buttonsOf(this.#lastWith(buttonsOf)?.components ?? []);
    const menus = menusOf(this.#lastWith(menusOf)?.components ?? []);
    return {
      as: { note: 'be somebody else', values: [HOST, ...CROWD].map(({ name }) => name) },
      in: { note: 'go to another server or channel', values: placeWords(guilds) },
      press: {
        note: 'press a button',
        values: buttons.map(({ label }, index) => ({ value: String(index + 1), note: label })),
      },
      choose: { note: 'choose from a menu', values: choicesOf(menus) },
      fault: { note: 'let something go wrong', values: FAULTS },
      help: { note: 'what one can type', values: [] },
      quit: { note: 'stop the demo', values: [] },
    };
  }

  #become(actor: Actor): void {
    this.#actor = actor;
    this.#say(`You are ${actor.name} (${actor.locale}) in ${placeName(actor)}.`);
  }

  #say(text: string, style: 'dim' | 'red' = 'dim', indent = 0): void {
    const { print, columns } = this.#options;
    print(text.split('\n').flatMap((line) => wrapLine([span(line, style)], columns(), indent)));
  }
}

/** Somebody of the cast, where they usually are; anybody else is where the actor is now. */
function asPerson(name: string, locale: string | null, actor: Actor): Actor {
  const known = [HOST, ...CROWD].find((person) => person.name === name);
  const person = known ?? { ...actor, name, locale: HOST.locale };
  return { ...person, locale: locale ?? person.locale };
}
