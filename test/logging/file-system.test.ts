import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mountSmall } from '../support/mount';
import { compileLogging, runLogging } from './process';
import { cleanUp, content, files, lines, open, until, type Bench } from './support';

/** Faults of a real file system, for which a small one is mounted: not everyone may do that. */

const mounted = mountSmall('1024k');
const directory = join(mounted?.directory ?? '', 'logs');
const whereMounted = mounted === null ? describe.skip : describe;

afterEach(async () => {
  await cleanUp();
  rmSync(directory, { recursive: true, force: true });
});
afterAll(() => mounted?.unmount());

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const numbers = (): unknown[] => lines(directory).map(({ n }) => n);
const told = ({ screen }: Bench, what: string): number =>
  screen.lines().filter((line) => line.includes(what)).length;

whereMounted('a full disk', () => {
  it('tears no line: what was broken off goes on at its very place when there is room', async () => {
    const bench = open({ directory, maxSizeBytes: 1e6, consoleLevel: 'error' });
    const log = bench.logging.logger('main');
    log.info('line', { n: 0 });
    await until(() => numbers().length === 1);
    const giveRoom = mounted?.fill();
    for (let n = 1; n < 2000; n += 1) log.info('line', { n });
    await until(() => told(bench, 'ENOSPC') === 1);
    // A page was left of the file's own: a line is broken off where it ends.
    const [name = ''] = files(directory);
    expect(content(directory, name)).not.toMatch(/\n$/);
    giveRoom?.();
    await until(() => told(bench, 'written again') === 1);
    await bench.logging.close();
    expect(content(directory, name)).not.toMatch(/\n\n|[^}]\n/);
    expect(numbers()).toEqual(upTo(2000));
    expect(bench.logging.counts().dropped).toBe(0);
  });

  it('that stays full costs what found no room, and that is counted to the line', async () => {
    const bench = open({ directory, maxSizeBytes: 1e6, consoleLevel: 'error' });
    const log = bench.logging.logger('main');
    log.info('line', { n: 0 });
    await until(() => numbers().length === 1);
    const giveRoom = mounted?.fill();
    for (let n = 1; n < 2000; n += 1) log.info('line', { n });
    await until(() => told(bench, 'ENOSPC') === 1);
    await bench.logging.close();
    const [name = ''] = files(directory);
    expect(content(directory, name)).toMatch(/\}\n$/);
    expect(bench.logging.counts().dropped).toBe(2000 - numbers().length);
    giveRoom?.();
  });
});

whereMounted('a process that exits while the disk is full', () => {
  it('leaves whole lines, and counts the others to the line', async () => {
    mkdirSync(directory);
    // So much is left for it.
    const ballast = join(directory, 'ballast');
    writeFileSync(ballast, Buffer.alloc(100 * 1024));
    mounted?.fill();
    rmSync(ballast);
    const program = `process.on('exit', () => console.log('dropped ' + logging.counts().dropped));
      for (let n = 0; n < 5000; n += 1) log.info('line', { n });
      process.exit();`;
    const { stdout } = await runLogging(compileLogging(), program, { directory }).ended;
    const [name = ''] = files(directory);
    expect(content(directory, name)).toMatch(/\}\n$/);
    const written = numbers();
    expect(written.length).toBeGreaterThan(500);
    expect(written).toEqual(upTo(written.length));
    expect(stdout).toContain(`dropped ${5000 - written.length}\n`);
    rmSync(join(mounted?.directory ?? '', 'ballast'));
  });
});

whereMounted('a file system that is read-only', () => {
  it('at the start keeps lines waiting until it is writable', async () => {
    const makeWritable = mounted?.makeReadOnly();
    const bench = open({ directory });
    for (let n = 0; n < 100; n += 1) bench.logging.logger('main').info('line', { n });
    await until(() => told(bench, 'EROFS') === 1);
    makeWritable?.();
    await until(() => told(bench, 'written again') >= 1);
    await bench.logging.close();
    expect(numbers()).toEqual(upTo(100));
  });

  it('when the next file is due keeps lines waiting too', async () => {
    const bench = open({ directory, maxSizeBytes: 2000, backupCount: 100, consoleLevel: 'error' });
    const log = bench.logging.logger('main');
    log.info('line', { n: 0 });
    await until(() => numbers().length === 1);
    const makeWritable = mounted?.makeReadOnly();
    for (let n = 1; n < 200; n += 1) log.info('line', { n });
    await until(() => told(bench, 'EROFS') === 1);
    makeWritable?.();
    await until(() => told(bench, 'written again') >= 1);
    await bench.logging.close();
    expect(numbers()).toEqual(upTo(200));
  });
});

whereMounted('a directory', () => {
  it('that is replaced while lines come gets all that come after', async () => {
    const { logging } = open({ directory, consoleLevel: 'error' });
    logging.logger('main').info('line', { n: 0 });
    await until(() => numbers().length === 1);
    renameSync(directory, `${directory}-before`);
    mkdirSync(directory);
    for (let n = 1; n < 100; n += 1) logging.logger('main').info('line', { n });
    await logging.close();
    expect(numbers()).toEqual(upTo(100).slice(1));
    expect(lines(`${directory}-before`)).toHaveLength(1);
    rmSync(`${directory}-before`, { recursive: true });
  });
});
