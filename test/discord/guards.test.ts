import { InteractionContextType, type RESTPostAPIApplicationCommandsJSONBody as Data } from 'discord.js';
import type { CommandModule } from '../../src/discord/command';
import { limitsOf } from '../../src/discord/command-limits';
import { createCooldowns } from '../../src/discord/cooldowns';
import { guard } from '../../src/discord/guards';
import { messagesFor } from '../../src/discord/messages';
import { Refusal } from '../../src/pipeline/outcome';
import { INVOCATION } from '../logging/support';

const NOW = 1_700_000_000_000;
const messages = messagesFor('en-US');

interface Asked {
  readonly module?: Partial<CommandModule>;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly guildId?: string | null;
  readonly userId?: string;
}

function asking() {
  const clock = { now: NOW };
  const cooldowns = createCooldowns(() => clock.now);
  const guards = { cooldowns, isOwner: (userId: string) => userId === 'boss' };
  const ask = ({ module = {}, data = {}, guildId = 'guild', userId = 'kim' }: Asked): string | Refusal => {
    const body: Data = { name: 'ping', description: 'Any.', ...data };
    const whole = { data: body, execute: () => undefined, ...module };
    const command = {
      name: 'ping',
      kind: 'chat_input',
      paths: ['ping'],
      data: body,
      module: whole,
      routes: [],
      limits: limitsOf(whole),
      text: false,
      file: '/x',
    } as const;
    try {
      guard(command, { ...INVOCATION, command: 'ping', guildId, userId }, messages, guards);
      return 'may run';
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  };
  return { ask, clock };
}

it('a command that asks for nothing may be run by anyone, anywhere', () => {
  const { ask } = asking();
  expect([ask({}), ask({ guildId: null })]).toEqual(['may run', 'may run']);
});

it('a command for the owner is refused to everyone else, with a word to them', () => {
  const { ask } = asking();
  const module = { ownerOnly: true } as const;
  expect(ask({ module })).toMatchObject({ reason: 'owner_only', message: messages.common.ownerOnly });
  expect(ask({ module, userId: 'boss' })).toBe('may run');
});

it.each<[string, Asked['data']]>([
  ['contexts', { contexts: [InteractionContextType.Guild] }],
  ['dm_permission', { dm_permission: false }],
])('a command for servers (%s) is refused in direct messages, and runs in servers', (_, data = {}) => {
  const { ask } = asking();
  expect(ask({ data, guildId: null })).toMatchObject({
    reason: 'guild_only',
    message: messages.common.guildOnly,
  });
  expect(ask({ data })).toBe('may run');
});

it.each<Asked['data']>([
  { contexts: [InteractionContextType.Guild, InteractionContextType.BotDM] },
  { contexts: [InteractionContextType.BotDM], dm_permission: false },
  { contexts: null },
  { dm_permission: true },
])('a command that says it works in direct messages does: %j', (data = {}) => {
  expect(asking().ask({ data, guildId: null })).toBe('may run');
});

it('a cooldown says when it ends, and lets the user on when it has', () => {
  const { ask, clock } = asking();
  const module = { cooldown: 2.5 };
  expect(ask({ module })).toBe('may run');
  expect(ask({ module })).toMatchObject({
    reason: 'cooldown',
    message: expect.stringContaining('<t:1700000003:R>'),
  });
  expect(ask({ module, userId: 'jun' })).toBe('may run');
  clock.now += 2500;
  expect(ask({ module })).toBe('may run');
});

it('a run that was refused for another reason begins no cooldown', () => {
  const { ask } = asking();
  const request = { module: { cooldown: 60 }, data: { contexts: [InteractionContextType.Guild] } };
  expect(ask({ ...request, guildId: null })).toMatchObject({ reason: 'guild_only' });
  expect(ask(request)).toBe('may run');
});
