/**
 * `npm run build`: compiles to `dist/`, unless what is there is what the sources give. Whatever runs from `dist/`
 * meanwhile never misses a file: each is replaced as a whole, and one goes only when its source has gone. With an error
 * in the sources all stays as it was.
 */
const { createHash } = require('node:crypto');
const { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const dist = path.join(root, 'dist');
const project = path.join(root, 'tsconfig.build.json');
/** What the last build was made of, and what it made. */
const stamp = path.join(dist, '.built');
/** Beside others that build at the same time. */
const partial = path.join(dist, `.partial-${process.pid}`);

function entriesOf(directory) {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return entries.map((entry) => ({ file: path.join(entry.parentPath, entry.name), isFile: entry.isFile() }));
}

const filesOf = (directory) => entriesOf(directory).flatMap(({ file, isFile }) => (isFile ? [file] : []));
const isOurs = (file) => path.dirname(file) === dist && path.basename(file).startsWith('.');

/** One hash of files and what is in them, whatever their order. */
function hashOf(files, textOf = (file) => readFileSync(file)) {
  const hash = createHash('sha256');
  for (const file of [...files].sort()) {
    hash.update(`${path.relative(root, file)}\0`).update(createHash('sha256').update(textOf(file)).digest());
  }
  return hash.digest('hex');
}

/** The compiler counts among the sources, as does this file. */
function hashOfSources() {
  const { include } = JSON.parse(readFileSync(project, 'utf8'));
  const others = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json', 'scripts/build.js'];
  return hashOf([
    ...include.flatMap((directory) => filesOf(path.join(root, directory))),
    ...others.map((file) => path.join(root, file)),
  ]);
}

function isCurrent(sources) {
  try {
    const made = hashOf(filesOf(dist).filter((file) => !isOurs(file)));
    return readFileSync(stamp, 'utf8') === `${sources} ${made}`;
  } catch {
    return false; // Nothing is there yet, or somebody else is building.
  }
}

/** What the compiler makes of the sources, by file; null, and its complaints printed, if they have errors. */
function compile() {
  const ts = require('typescript');
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (problem) => report(ts, [problem]) };
  const config = ts.getParsedCommandLineOfConfigFile(project, {}, host);
  if (config === undefined) return null;
  const { fileNames: rootNames, options, errors: configFileParsingDiagnostics } = config;
  const program = ts.createProgram({ rootNames, options, configFileParsingDiagnostics });
  const made = new Map();
  const emitted = program.emit(undefined, (file, text) => made.set(path.normalize(file), text));
  const problems = ts.sortAndDeduplicateDiagnostics([
    ...ts.getPreEmitDiagnostics(program),
    ...emitted.diagnostics,
  ]);
  report(ts, problems);
  return problems.length === 0 ? made : null;
}

function report(ts, problems) {
  const format = process.stdout.isTTY ? ts.formatDiagnosticsWithColorAndContext : ts.formatDiagnostics;
  const host = {
    getCurrentDirectory: () => root,
    getCanonicalFileName: (name) => name,
    getNewLine: () => '\n',
  };
  process.stdout.write(format(problems, host));
}

function replace(file, text) {
  writeFileSync(partial, text);
  mkdirSync(path.dirname(file), { recursive: true });
  renameSync(partial, file);
}

function isSame(file, text) {
  try {
    return readFileSync(file, 'utf8') === text;
  } catch {
    return false;
  }
}

/** Deletes what no source gives any more: a command that was deleted would still be loaded. */
function sweep(made) {
  const kept = new Set([...made.keys()].flatMap((file) => [file, ...directoriesOf(file)]));
  for (const { file } of entriesOf(dist)) {
    if (!kept.has(file) && !isOurs(file)) rmSync(file, { recursive: true, force: true });
  }
}

function directoriesOf(file) {
  const directory = path.dirname(file);
  return directory === dist || directory === path.dirname(directory)
    ? []
    : [directory, ...directoriesOf(directory)];
}

function build() {
  // Before the compiler reads them: what changes meanwhile is built the next time.
  const sources = hashOfSources();
  if (isCurrent(sources)) return true;
  const made = compile();
  if (made === null) return false;
  mkdirSync(dist, { recursive: true });
  for (const [file, text] of made) if (!isSame(file, text)) replace(file, text);
  sweep(made);
  replace(stamp, `${sources} ${hashOf(made.keys(), (file) => made.get(file))}`);
  return true;
}

if (!build()) process.exitCode = 1;
