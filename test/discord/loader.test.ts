import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createStage, fixtures, ownCommands } from '../support/bot';

/** From files to commands: the compiled loader, since only Node itself imports ESM. */

interface Loaded {
  readonly names: readonly string[];
  readonly loaded: number;
  readonly failed: readonly { readonly file: string; readonly reason: string }[];
}

const loader = path.resolve(__dirname, '../../dist/src/discord/loader.js');
const stage = createStage();

const directories: string[] = [];
afterAll(async () => {
  node.kill();
  await stage.clear();
  for (const directory of directories) await rm(directory, { recursive: true, force: true });
});

/** A directory with these files. */
async function put(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'telltale-loader-'));
  directories.push(directory);
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(directory, file)), { recursive: true });
    await writeFile(path.join(directory, file), text);
  }
  return directory;
}

/** Loads for all the tests, each of which has directories of its own: starting it takes longer than any loading. */
const node = spawn(
  process.execPath,
  [
    '-e',
    `const { loadCommands } = require(${JSON.stringify(loader)});
    const { setTimeout: wait } = globalThis;
    process.on('message', async ({ directories, hurry }) => {
      globalThis.setTimeout = (act, ms, ...rest) => wait(act, ms / hurry, ...rest);
      const { commands, loaded, failed } = await loadCommands(directories);
      process.send({ names: commands.flatMap(({ paths }) => paths), loaded, failed });
    });`,
  ],
  { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
);
const ended = once(node, 'exit').then(([code, signal]) => {
  throw new Error(`The process of the loader ended with ${code ?? signal}.`);
});
ended.catch(() => undefined);

/** @param hurry by how much timers run faster. */
async function load(directories: readonly string[], hurry = 1): Promise<Loaded> {
  node.send({ directories, hurry });
  const [answer] = await Promise.race([once(node, 'message'), ended]);
  return answer as Loaded;
}

const command = (name: string): string =>
  `module.exports = { data: { name: '${name}', description: 'Any.' }, execute() {} };`;

it('files to any depth are loaded, and what is no command is passed over', async () => {
  const directory = await put({
    'a.js': command('a'),
    'utility/b.cjs': command('b'),
    'utility/deep/c.mjs': `export const data = { name: 'c', description: 'Any.' }; export function execute() {}`,
    '_helper.js': 'throw 1',
    '.hidden.js': 'throw 1',
    '_parts/d.js': 'throw 1',
    'node_modules/e/index.js': 'throw 1',
    'a.test.js': 'throw 1',
    'b.spec.cjs': 'throw 1',
    'a.d.ts': 'throw 1',
    'a.js.map': '{}',
    'README.md': '#',
  });
  expect(await load([directory])).toEqual({ names: ['a', 'b', 'c'], loaded: 3, failed: [] });
});

it('a directory that is not there is named, and costs the others nothing', async () => {
  const directory = await put({ 'a.js': command('a') });
  const missing = path.join(directory, 'missing');
  const { names, failed } = await load([missing, directory]);
  expect(names).toEqual(['a']);
  expect(failed).toEqual([
    { file: missing, reason: 'there is no such directory; COMMANDS_DIRECTORY names it' },
  ]);
});

it('a name belongs to the first directory that has it, and the second is told so', async () => {
  const directory = await put({
    'one/a.js': command('same'),
    'two/a.js': command('same'),
    'two/b.js': command('other'),
  });
  const { names, failed } = await load([path.join(directory, 'one'), path.join(directory, 'two')]);
  expect(names).toEqual(['same', 'other']);
  expect(failed).toEqual([{ file: 'a.js', reason: expect.stringMatching(/"same" is taken by .*one.a\.js/) }]);
});

it('what a module exports for itself is its own business', async () => {
  const directory = await put({
    'a.js': `module.exports = { category: 'fun', test: true, options: [], aliases: [], permissions: [], execution: 1,
      cooldowns: new Map(), cooldown: 1, data: { name: 'a', description: 'A.' }, execute() {} };`,
  });
  expect(await load([directory])).toMatchObject({ names: ['a'], failed: [] });
});

it('a slash command and a menu may have the same name', async () => {
  const directory = await put({
    'a.js': command('ping'),
    'b.js': `module.exports = { data: { type: 2, name: 'ping' }, execute() {} };`,
  });
  expect(await load([directory])).toMatchObject({ loaded: 2, failed: [] });
});

it('a module that never finishes loading is named after its 10 s, and the others work', async () => {
  const directory = await put({ 'a.js': command('a'), 'stuck.mjs': 'await new Promise(() => {});' });
  const { names, failed } = await load([directory], 100);
  expect(names).toEqual(['a']);
  expect(failed).toEqual([{ file: 'stuck.mjs', reason: 'it did not load within 10 s' }]);
});

it('buttons belong to the first module that declares their route, and the second is told so', async () => {
  const withRoute = (name: string, route: string): string =>
    `module.exports = { data: { name: '${name}', description: 'Any.' }, execute() {}, components: { '${route}'() {} } };`;
  const directory = await put({
    'a.js': withRoute('a', 'ticket:{id}'),
    'b.js': withRoute('b', 'ticket:close'),
    'c.js': withRoute('c', 'ticket:{id}:{page}'),
    'd.js': withRoute('d', 'order:{id}'),
  });
  const { names, failed } = await load([directory]);
  expect(names).toEqual(['a', 'd']);
  expect(failed).toEqual([
    { file: 'b.js', reason: 'its route "ticket:close" is taken by "ticket:{id}" of a.js' },
    { file: 'c.js', reason: 'its route "ticket:{id}:{page}" is taken by "ticket:{id}" of a.js' },
  ]);
});

const BROKEN: readonly (readonly [what: string, text: string, reason: RegExp])[] = [
  ['no data', 'exports.execute = () => {};', /no .data./],
  ['no execute', `exports.data = { name: 'x', description: 'x' };`, /no function .execute./],
  ['no function', `module.exports = { data: { name: 'x' }, execute: 1 };`, /no function .execute./],
  ['no name', 'module.exports = { data: { description: "x" }, execute() {} };', /has no name/],
  [
    'no name in a builder',
    `module.exports = { data: { toJSON() { throw new Error('no name') } }, execute() {} };`,
    /no name/,
  ],
  ['capital letters', command('Ping'), /"Ping" is no name/],
  ['white space', command('a b'), /"a b" is no name/],
  ['33 letters', command('x'.repeat(33)), /is no name/],
  [
    'a type that is none',
    `module.exports = { data: { type: 9, name: 'x' }, execute() {} };`,
    /`data.type` is 9/,
  ],
  [
    'a cooldown in words',
    `module.exports = { cooldown: '5s', data: { name: 'x' }, execute() {} };`,
    /`cooldown` should be/,
  ],
  [
    'a timeout of 0',
    `module.exports = { timeout: 0, data: { name: 'x' }, execute() {} };`,
    /`timeout` should be/,
  ],
  ...(
    [
      [
        'a deferral too late',
        `defer: 2.9`,
        /`defer` should be true \(at once\), or a number of seconds up to 2\.5/,
      ],
      ['a deferral in words', `defer: 'yes'`, /`defer` should be/],
      ['a private deferral that never comes', `deferEphemeral: true`, /its `defer` is missing/],
      [
        'a private deferral in words',
        `defer: true, deferEphemeral: 'yes'`,
        /`deferEphemeral` should be true/,
      ],
      ['text in words', `text: 'yes'`, /`text` should be true/],
      ['an owner in words', `ownerOnly: 'true'`, /`ownerOnly` should be true/],
      ['an owner in another spelling', `owner_only: true`, /did you mean `ownerOnly`\?/],
      ['letters that changed places', `cooldwon: 5`, /exports `cooldwon`, .* did you mean `cooldown`\?/],
      ['a letter that is missing', `componets: {}`, /did you mean `components`\?/],
    ] as const
  ).map(
    ([what, wrong, reason]) =>
      [
        what,
        `module.exports = { ${wrong}, data: { name: 'x', description: 'x' }, execute() {} };`,
        reason,
      ] as const,
  ),
  [
    'text on a menu',
    `module.exports = { text: true, data: { type: 2, name: 'x' }, execute() {} };`,
    /a menu has nothing that could be typed/,
  ],
  [
    'a route in which something is missing',
    `module.exports = { data: { name: 'x', description: 'x' }, execute() {}, components: { 'x::{id}'() {} } };`,
    /its route "x::\{id\}" has a segment ""/,
  ],
  [
    'components without functions',
    `module.exports = { data: { name: 'x', description: 'x' }, execute() {}, components: { 'x:{id}': 'y' } };`,
    /its route "x:\{id\}" has no function/,
  ],
  ['no description', `module.exports = { data: { name: 'x' }, execute() {} };`, /description. should be/],
  ['null', 'module.exports = null;', /no .data./],
  ['a throw of null', 'throw null;', /threw null/],
  ['a throw that throws', 'throw { toString() { throw 1; } };', /cannot be described/],
  [
    'a message that is no text',
    `throw Object.assign(new Error('x'), { message: 42 });`,
    /cannot be described/,
  ],
  [
    'data in a circle',
    `const data = { name: 'x', description: 'x' }; data.options = [data]; module.exports = { data, execute() {} };`,
    /circular/,
  ],
  ['the name of nobody', command('_other'), /unknown commands are counted/],
  ['what is not installed', `require('not-installed');`, /Cannot find module 'not-installed'/],
];

describe('a module with', () => {
  let failed: Loaded['failed'];
  beforeAll(async () => {
    const directory = await put(Object.fromEntries(BROKEN.map(([what, text]) => [`${what}.js`, text])));
    ({ failed } = await load([directory]));
  });

  it.each(BROKEN)('%s is named with its reason', (what, _, reason) => {
    const found = failed.filter(({ file }) => file === `${what}.js`);
    expect(found).toEqual([{ file: `${what}.js`, reason: expect.stringMatching(reason) }]);
  });
});

it('every broken module is named in the log, in /health and in the metrics, and all others work', async () => {
  const broken = {
    'bad-cooldown.js': /cooldown/,
    'bad-defer.js': /defer/,
    'bad-name.js': /Bad Name/,
    'empty.js': /no .data./,
    'no-data.js': /no .data./,
    'no-execute.js': /no function .execute./,
    'syntax.js': /SyntaxError: .* \(line \d+\)/,
    'taken.js': /taken/,
    'throws-undefined.js': /undefined/,
    'throws.js': /no such host/,
  };
  const discord = await stage.discord();
  const given = [ownCommands, fixtures('endings', 'broken', 'esm')];
  const bot = await stage.bot(discord, { COMMANDS_DIRECTORY: given.join(path.delimiter) });
  await discord.registered(['ok', 'esm-named', 'esm-default', 'health']);

  const metrics = await bot.metrics();
  expect(metrics.value('bot_command_modules', { state: 'failed' })).toBe(Object.keys(broken).length);
  expect(metrics.value('bot_command_modules', { state: 'loaded' })).toBe(discord.commands().length);
  for (const name of ['ok', 'esm-named']) {
    expect(await discord.user('kim').type(`/${name}`).message()).toMatchObject({ ephemeral: false });
  }
  const health = await discord.user('kim').type('/health').message();
  const field = health.embeds[0]?.fields?.find(({ name }) => name.includes('could not be loaded'))?.value;
  const lines = await bot.logLines('error');
  for (const [file, reason] of Object.entries(broken)) {
    expect(field?.split('\n')).toContainEqual(expect.stringMatching(new RegExp(`${file}.*${reason.source}`)));
    expect(lines).toContainEqual(
      expect.objectContaining({
        file,
        message: expect.stringMatching(new RegExp(`${file}.*${reason.source}`)),
      }),
    );
  }
});

it('links that run in a circle are walked once', async () => {
  const directory = await put({ 'a.js': command('a') });
  await symlink(directory, path.join(directory, 'loop'));
  const { names, failed } = await load([directory]);
  expect(failed).toEqual([]);
  expect(names).toEqual(['a']);
});
