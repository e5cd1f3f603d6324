import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Exchange, SimulatedUser, Simulator } from '../simulator';
import { startReceiver, type Receiver } from './sentry/receiver';
import { createStage, fixtures, ownCommands, type RunningBot } from './support/bot';

/**
 * No secret, and nothing that a user typed, leaves the bot: each secret is thrown and logged in each place where it can
 * stand, and then looked for wherever the bot writes to.
 */

// Put together here, so that no scanner takes them for the real thing.
const together = (...parts: readonly string[]): string => parts.join('');

interface Secret {
  /** What stands in an error or a line. */
  readonly text: string;
  /** The part that must be nowhere. */
  readonly secret: string;
}
const secretly = (before: string, secret: string, after = ''): Secret => ({
  text: `${before}${secret}${after}`,
  secret,
});

const METRICS_TOKEN = 'metrics/t0ken with spaces';
const SECRETS: Readonly<Record<string, Secret>> = {
  setting: secretly('given ', METRICS_TOKEN),
  'setting-url': secretly('?given=', encodeURIComponent(METRICS_TOKEN)),
  'bot-token': secretly(
    'login ',
    together('MTE4MDAwMDAwMDAwMDAwMDAwMQ', '.GxY-z1.', 'aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789'),
  ),
  authorization: secretly('authorization: Bearer ', 'be4r3r-t0k3n'),
  cookie: secretly('set-cookie: a=1; session=', 'c00k1e'),
  password: secretly('connect postgres://bot:', 'passw0rd-1', '@db/x'),
  query: secretly('GET https://api.example.org/v1?key=', 'qu3ry-k3y', '&x=1'),
  webhook: secretly('https://discord.com/api/webhooks/118000000000000000/', 'w3bh00k_t0k3n'),
  slack: secretly(together('https://hooks.', 'slack.com/services/'), 'T00/B00/sl4ck'),
  interaction: secretly('', together('aW50ZXJhY3Rpb246', 'MTE4MDAwMDAwMDAwMDAwMDAwMTpzZWNyZXQ')),
  dsn: secretly('https://', '0123456789abcdef0123', '@o1.ingest.sentry.io/2'),
  email: secretly('no mailbox ', 'jane.doe@example.org'),
  github: secretly('as ', together('ghp', '_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8')),
  jwt: secretly('with ', together('eyJ', 'hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmN')),
  pem: secretly(
    together('-----BEGIN PRIVATE', ' KEY-----\n'),
    'MIIBVgIBADANBgkq',
    together('\n-----END PRIVATE', ' KEY-----'),
  ),
};
const PLACES = [
  'message name code cause aggregate properties string object circular getter proxy map symbol bytes holder json lines',
].flatMap((names) => names.split(' '));

/** How something can be typed. Each gives what came of it; what was typed is looked for everywhere. */
const TYPED: Readonly<
  Record<
    string,
    { readonly typed: string; readonly type: (user: SimulatedUser) => Exchange | Promise<Exchange> | null }
  >
> = {
  'an option': { typed: 'my deepest secret', type: (user) => user.type('/type text:"my deepest secret"') },
  'a short option': { typed: 'zq7x', type: (user) => user.type('/type text:zq7x') },
  'a number': { typed: '271828', type: (user) => user.type('/type number:271828') },
  'a file': { typed: 'private-photo', type: (user) => user.type('/type file:private-photo.png') },
  'an autocompletion': { typed: 'half a wor', type: (user) => user.complete('/type text:"half a wor"') },
  'a form with a route': {
    typed: 'routed confession',
    type: (user) => submit(user, false, 'routed confession'),
  },
  'a form that is awaited': {
    typed: 'awaited confession',
    type: (user) => submit(user, true, 'awaited confession'),
  },
  'a message': {
    typed: 'spoken aloud',
    type: (user) => {
      user.say('@bot type text:"spoken aloud"');
      return null;
    },
  },
  'a message in a menu': {
    typed: 'written earlier',
    type: (user) => user.menu('Quote', { target: user.say('this was written earlier') }),
  },
};

async function submit(user: SimulatedUser, awaited: boolean, text: string): Promise<Exchange> {
  const form = user.type(`/form awaited:${awaited}`);
  await form.until(({ state }) => state.kind === 'modal');
  return user.submit(form, { text });
}

/** Whatever is added to what the bot writes to (a channel of alerts, Sentry, spans) is added here, as what it was sent. */
const DESTINATIONS: Readonly<Record<string, (bot: RunningBot, seen: Seen) => string | Promise<string>>> = {
  'the console': (bot) => bot.output(),
  'the log files': ({ directory }) => contents(path.join(directory, 'logs')),
  'the database': ({ directory }) => contents(path.join(directory, 'data')),
  '/api/stats': (_bot, seen) => seen.answers['/api/stats?period=all'] ?? '',
  '/api/invocations': (_bot, seen) => seen.answers['/api/invocations?limit=500'] ?? '',
  '/metrics': (_bot, seen) => seen.answers['/metrics'] ?? '',
  '/healthz': (_bot, seen) => seen.answers['/healthz'] ?? '',
  'what users were told and sent': (_bot, seen) => seen.replies,
  Sentry: (_bot, seen) => seen.sentry.text(),
};

/** Those in which errors show: there the mark stands in the place of what was taken out. */
const MARKED: ReadonlySet<string> = new Set([
  'the console',
  'the log files',
  'the database',
  '/api/stats',
  '/api/invocations',
  'Sentry',
]);

interface Seen {
  /** What the HTTP server answered, by path. */
  readonly answers: Readonly<Record<string, string>>;
  /** Everything that the bot wrote in Discord, as JSON. */
  readonly replies: string;
  readonly sentry: Receiver;
}

function contents(directory: string): string {
  const names = readdirSync(directory).filter((name) => !name.startsWith('.'));
  return names.map((name) => readFileSync(path.join(directory, name), 'latin1')).join('\n');
}

const stage = createStage();
const receivers: Receiver[] = [];
afterAll(async () => {
  await stage.clear();
  for (const receiver of receivers) await receiver.close();
});

interface Started {
  readonly discord: Simulator;
  readonly bot: RunningBot;
  readonly sentry: Receiver;
}

async function start(format: string): Promise<Started> {
  const sentry = await startReceiver();
  receivers.push(sentry);
  const discord = await stage.discord({ owner: 'boss' });
  const bot = await stage.bot(discord, {
    COMMANDS_DIRECTORY: [fixtures('leaks'), ownCommands].join(path.delimiter),
    LEAKS: JSON.stringify(
      Object.fromEntries(Object.entries(SECRETS).map(([name, { text }]) => [name, text])),
    ),
    LOG_FORMAT: format,
    LOG_LEVEL: 'debug',
    METRICS_TOKEN,
    SENTRY_DSN: sentry.dsn,
  });
  await discord.registered(['leak', 'type', 'stats']);
  return { discord, bot, sentry };
}

async function ask(bot: RunningBot, route: string): Promise<string> {
  const response = await fetch(`${await bot.url()}${route}`, {
    headers: { authorization: `Bearer ${METRICS_TOKEN}` },
  });
  expect(response.status).toBe(200);
  return response.text();
}

/** Each reads all log files. */
const STORIES = 20;

async function settled(bot: RunningBot, count: number): Promise<void> {
  for (;;) {
    const lines = await bot.logLines();
    if (lines.filter((line) => line.event === 'command_settled').length >= count) return;
    await sleep(50);
  }
}

/** Does all that may leak, and asks for all that can be asked for. Gives what was seen from outside. */
async function provoke({ discord, bot, sentry }: Started): Promise<Seen> {
  const kim = discord.user('kim');
  const leaks = Object.keys(SECRETS).flatMap((secret) =>
    PLACES.map((place) => kim.type(`/leak secret:${secret} place:${place}`)),
  );
  for (const leak of leaks) expect((await leak.message()).content).toMatch(/^Something went wrong/);
  for (const { type } of Object.values(TYPED)) await (await type(kim))?.answer();
  const FORMS = 2;
  await settled(bot, leaks.length + Object.keys(TYPED).length + FORMS);
  const references = leaks.map(
    ({ messages }) => /`([0-9a-f]{8})`/.exec(messages[0]?.content ?? '')?.[1] ?? '',
  );
  const stories = references.map((reference) => `/trace reference:${reference}`);
  const questions = ['/stats period:all', '/health', '/logs limit:10000', ...stories.slice(0, STORIES)].map(
    (line) => discord.owner.type(line),
  );
  for (const question of questions) await question.message();
  const routes = ['/metrics', '/healthz', '/api/stats?period=all', '/api/invocations?limit=500'];
  const answers = await Promise.all(routes.map(async (route) => [route, await ask(bot, route)] as const));
  const told = [...leaks, ...questions].flatMap((exchange) => exchange.messages);
  const files = await Promise.all(
    told.flatMap(({ attachments }) => attachments).map(async ({ url }) => (await fetch(url)).text()),
  );
  return { answers: Object.fromEntries(answers), replies: JSON.stringify([told, files]), sentry };
}

/** What of it is to be found there, by name. */
function leaked(text: string): string[] {
  const inside = [
    ...Object.entries(SECRETS).map(([name, { secret }]) => [name, secret] as const),
    ...Object.entries(TYPED).map(([name, { typed }]) => [name, typed] as const),
  ];
  return inside.filter(([, secret]) => text.includes(secret)).map(([name]) => name);
}

describe.each(['json', 'pretty', 'ecs'])('with a console in %s', (format) => {
  it('no secret leaves the bot, wherever it stands, nor does anything that a user typed', async () => {
    const started = await start(format);
    const { discord, bot } = started;
    const seen = await provoke(started);
    discord.user('kim').type('/crash text:"my last words"');
    expect(await bot.ended).toMatchObject({ code: 1 });
    for (const [name, read] of Object.entries(DESTINATIONS)) {
      const text = await read(bot, seen);
      expect(text.length).toBeGreaterThan(100);
      expect([name, ...leaked(text)]).toEqual([name]);
      if (MARKED.has(name)) expect(text).toContain('[redacted]');
    }
    expect(bot.output()).toContain('crashed by [redacted]');
    expect((await bot.logLines('error')).length).toBeGreaterThan(Object.keys(SECRETS).length * PLACES.length);
  });
});
