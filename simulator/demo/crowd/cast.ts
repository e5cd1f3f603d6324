/** Who is there, and where. */

export interface Person {
  readonly name: string;
  readonly locale: string;
  readonly guild: string;
  readonly channel: string;
}

/** Who acts, and where: in a channel of a server, or (`guild` null) in direct messages with the bot. */
export interface Actor extends Pick<Person, 'name' | 'locale'> {
  readonly guild: string | null;
  readonly channel: string;
}

export const GUILDS = [
  { name: 'Harbour', memberCount: 214 },
  { name: 'Lobby', memberCount: 37 },
  { name: 'Regatta', memberCount: 1_208 },
] as const;

/** Whom one types as at first: the owner of the bot. */
export const HOST: Person = { name: 'kim', locale: 'en-US', guild: 'Harbour', channel: 'general' };

export const CROWD: readonly Person[] = [
  { name: 'jun', locale: 'ko', guild: 'Lobby', channel: 'general' },
  { name: 'mina', locale: 'ko', guild: 'Harbour', channel: 'bots' },
  { name: 'alex', locale: 'en-GB', guild: 'Harbour', channel: 'general' },
  { name: 'noor', locale: 'en-US', guild: 'Regatta', channel: 'bots' },
  { name: 'sofia', locale: 'pt-BR', guild: 'Regatta', channel: 'general' },
  { name: 'tom', locale: 'en-US', guild: 'Lobby', channel: 'bots' },
];
