import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readLogDirectory, SettingsError } from '../../src/settings';
import { cleanUp, directory, write } from './support';

/** Where the reader looks if nobody says: where the bot writes. */

afterEach(cleanUp);

function read(
  files: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): string {
  const workingDirectory = directory();
  const configDirectory = join(workingDirectory, 'config');
  mkdirSync(configDirectory);
  write(workingDirectory, { ...EMPTY, ...files });
  return readLogDirectory({ environment, workingDirectory, configDirectory });
}

const EMPTY = {
  'config/default.yaml': '',
  'config/development.yaml': '',
  'config/production.yaml': '',
  'config/local.yaml': '',
};
const DEFAULT = { 'config/default.yaml': 'log:\n  directory: logs\n' };
const LOCAL = { 'config/local.yaml': 'log:\n  directory: local\n' };
const PRODUCTION = { 'config/production.yaml': 'log:\n  directory: var\n' };

it.each([
  ['logs', DEFAULT, {}],
  ['var', { ...DEFAULT, ...PRODUCTION }, { NODE_ENV: 'production' }],
  ['local', { ...DEFAULT, ...PRODUCTION, ...LOCAL }, { NODE_ENV: 'production' }],
  ['from-env-file', { ...DEFAULT, ...LOCAL, '.env': 'LOG_DIRECTORY=from-env-file' }, {}],
  ['given', { ...DEFAULT, '.env': 'LOG_DIRECTORY=from-env-file' }, { LOG_DIRECTORY: 'given' }],
  ['logs', { ...DEFAULT, 'config/local.yaml': 'discord:\n  shards: no number\n' }, {}],
])('is %s, though there is no token and whatever else is wrong', (expected, files, environment) => {
  expect(read(files, environment)).toBe(expected);
});

it('says what is wrong where nothing says where the files are', () => {
  expect(() => read({})).toThrow(SettingsError);
  expect(() => read({})).toThrow(/LOG_DIRECTORY/);
});
