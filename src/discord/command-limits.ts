import type { CommandModule } from './command';

/** What a module says of how it is to be run: read once, as it is loaded. */
export interface CommandLimits {
  /** Seconds a user waits between two runs. */
  readonly cooldown: number | undefined;
  /** Seconds after which a run has failed. */
  readonly timeout: number | undefined;
  readonly ownerOnly: boolean;
  /** Seconds from its creation after which an interaction is deferred if it has not been answered; null: never. */
  readonly deferAfter: number | null;
  /** Whether a deferred answer is for the user alone. */
  readonly deferEphemeral: boolean;
}

/** Discord gives 3 s; a deferral later than this may not be there in time. */
const LATEST_DEFERRAL_SECONDS = 2.5;

/** @throws Error that says what is wrong with it. */
export function limitsOf(module: CommandModule): CommandLimits {
  const { cooldown, timeout, ownerOnly, defer, deferEphemeral } = module;
  checkSeconds('cooldown', cooldown);
  checkSeconds('timeout', timeout);
  checkFlag('ownerOnly', ownerOnly);
  checkFlag('deferEphemeral', deferEphemeral);
  if (deferEphemeral === true && defer === undefined) {
    throw new Error('its `deferEphemeral` says how to defer, and its `defer` is missing, which says when');
  }
  return {
    cooldown,
    timeout,
    ownerOnly: ownerOnly === true,
    deferAfter: deferAfter(defer),
    deferEphemeral: deferEphemeral === true,
  };
}

/** Whether a module is a text command too. @throws Error that says what is wrong with it. */
export function isText({ text }: CommandModule, isSlash: boolean): boolean {
  checkFlag('text', text);
  if (text === true && !isSlash) {
    throw new Error('its `text: true` is for slash commands: a menu has nothing that could be typed');
  }
  return text === true;
}

function checkSeconds(key: string, value: unknown): void {
  if (value === undefined || (typeof value === 'number' && value > 0 && value < Infinity)) return;
  throw new Error(`its \`${key}\` should be a number of seconds above 0`);
}

function checkFlag(key: string, value: unknown): void {
  if (value === undefined || typeof value === 'boolean') return;
  throw new Error(`its \`${key}\` should be true, or be left out`);
}

function deferAfter(defer: unknown): number | null {
  if (defer === undefined || defer === false) return null;
  if (defer === true) return 0;
  if (typeof defer === 'number' && defer >= 0 && defer <= LATEST_DEFERRAL_SECONDS) return defer;
  throw new Error(
    `its \`defer\` should be true (at once), or a number of seconds up to ${LATEST_DEFERRAL_SECONDS}: ` +
      'Discord waits for 3 s',
  );
}
