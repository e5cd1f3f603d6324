import * as discordjs from 'discord.js';
import { failureReason } from '../../src/discord/failure-reason';

function apiError(from: typeof discordjs, code: number, status = 400): unknown {
  return new from.DiscordAPIError({ code, message: 'No.' }, code, status, 'POST', 'https://discord.com', {
    body: undefined,
    files: undefined,
  });
}

/** discord.js once more, as a command that brings its own has it. */
function secondCopy(): typeof discordjs {
  const holder: { copy: typeof discordjs } = { copy: discordjs };
  jest.isolateModules(() => (holder.copy = jest.requireActual<typeof discordjs>('discord.js')));
  return holder.copy;
}

const CODES = [
  [10062, 'unknown_interaction'],
  [40060, 'already_acknowledged'],
  [50001, 'missing_permissions'],
  [50013, 'missing_permissions'],
  [50035, 'discord_api'],
  [0, 'discord_api'],
] as const;

it.each(CODES)('Discord’s %d is %s', (code, reason) => {
  expect(failureReason(apiError(discordjs, code))).toBe(reason);
});

it('an error of a second copy of discord.js is known as well', () => {
  const copy = secondCopy();
  expect(copy.DiscordAPIError).not.toBe(discordjs.DiscordAPIError);
  for (const [code, reason] of CODES) expect(failureReason(apiError(copy, code))).toBe(reason);
});

it('an answer of Discord’s without its JSON is Discord’s fault, not the command’s', () => {
  for (const { HTTPError } of [discordjs, secondCopy()]) {
    const error = new HTTPError(503, 'Service Unavailable', 'POST', 'https://discord.com', {});
    expect(failureReason(error)).toBe('discord_api');
  }
});

it('a rate limit that is not waited for is Discord’s no', () => {
  const error = new discordjs.RateLimitError({
    ...{ global: false, hash: '', limit: 1, majorParameter: '', method: 'POST', retryAfter: 1, route: '/x' },
    ...{ scope: 'user', sublimitTimeout: 0, timeToReset: 1, url: '' },
  });
  expect(failureReason(error)).toBe('discord_api');
});

const fault = (name: string, code?: string): Error =>
  Object.assign(new Error('x'), { name }, code === undefined ? {} : { code });

it.each([
  fault('Error', 'ECONNRESET'),
  fault('SocketError', 'UND_ERR_SOCKET'),
  fault('HeadersTimeoutError', 'UND_ERR_HEADERS_TIMEOUT'),
  fault('Error', 'EAI_AGAIN'),
  fault('AbortError'),
])(
  'a connection that broke is Discord’s matter on the way to Discord, and the command’s on any other (%#)',
  (error) => {
    expect(failureReason(error, (thrown) => thrown === error)).toBe('discord_api');
    expect(failureReason(error, () => false)).toBe('exception');
    expect(failureReason(error)).toBe('exception');
  },
);

it.each([
  new TypeError('no BigInt'),
  fault('InvalidArgumentError', 'UND_ERR_INVALID_ARG'),
  fault('Error', 'ENOENT'),
])('a request to Discord that could not be made is the command’s fault (%#)', (error) =>
  expect(failureReason(error, () => true)).toBe('exception'),
);

it.each([
  undefined,
  null,
  'a string',
  10062,
  Symbol('s'),
  {},
  { code: 10062 },
  new Error('10062'),
  Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
  Object.create(null),
])('anything else that is thrown is an exception (%#)', (error) => {
  expect(failureReason(error)).toBe('exception');
});

it('an error that throws when it is looked at is an exception, and is counted', () => {
  expect(failureReason(Object.assign(new Error('x'), { name: Symbol('s') }))).toBe('exception');
  const trap = {
    get rawError(): never {
      throw new Error('no');
    },
    get code(): never {
      throw new Error('no');
    },
  };
  expect(failureReason(trap)).toBe('exception');
});
