import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FollowedFile } from './followed-file';
import { isMissing, listLogFiles, type FileKind, type LogFile } from './log-file';

/** So many of the newest files are kept open: only they can still grow. */
const MAX_OPEN = 64;
/** A file that is no longer at its place may still be written to by whoever had it open, for about so long. */
const GONE_PATIENCE_MS = 10_000;

interface Gone {
  readonly file: FollowedFile;
  readonly since: number;
}

export interface OpenFiles {
  readonly files: readonly FollowedFile[];
  readonly hasMore: boolean;
}

/** The files of a directory as they come and go. */
export class FollowedFiles {
  /** By name; null for those that are too old to grow. Bounded by what is in the directory. */
  #known = new Map<string, FollowedFile | null>();
  #gone: readonly Gone[] = [];

  constructor(
    private readonly directory: string,
    private readonly kind: FileKind,
    private readonly now: () => number,
    /** Told of a file that cannot be opened, each time. */
    private readonly onUnreadable: (name: string, error: unknown) => void,
  ) {}

  /** The files that are too old to grow any more, oldest first: to be read once, by whoever wants them. */
  async older(): Promise<readonly LogFile[]> {
    const older = (await this.#list()).slice(0, -MAX_OPEN);
    for (const { name } of older) this.#known.set(name, null);
    return older;
  }

  /**
   * Looks at the directory, and opens what is new in it. Of very many new files, the oldest come first, and `hasMore`
   * says that the others are to be asked for once these are read.
   *
   * @returns the open ones, in the order in which they are to be read. Rejects where the directory cannot be.
   */
  async refresh(): Promise<OpenFiles> {
    const listed = await this.#list();
    const before = this.#known;
    this.#known = new Map();
    const newest = new Set(listed.slice(-MAX_OPEN).map(({ name }) => name));
    let opened = 0;
    let hasMore = false;
    for (const file of listed) {
      const open = before.get(file.name);
      const isKnown = open === null || (open !== undefined && (await this.#isStill(open, file, newest)));
      if (isKnown) {
        before.delete(file.name);
        this.#known.set(file.name, open);
      } else if (opened >= MAX_OPEN) {
        hasMore = true;
      } else {
        opened += 1;
        const followed = await this.#open(file);
        if (followed !== undefined) this.#known.set(file.name, followed);
      }
    }
    const left = [...before.values()].filter((file) => file !== null);
    this.#gone = [...this.#gone, ...left.map((file) => ({ file, since: this.now() }))];
    const open = [...this.#known.values()].filter((file) => file !== null);
    return { files: [...this.#gone.map(({ file }) => file), ...open], hasMore };
  }

  /** Closes the files that will not grow any more, once all are read. Gives how many of them end in half a line. */
  async prune(): Promise<number> {
    const quiet = this.#gone.filter(({ since }) => this.now() - since > GONE_PATIENCE_MS);
    this.#gone = this.#gone.filter((one) => !quiet.includes(one));
    const finished = [...this.#known].slice(0, -MAX_OPEN);
    for (const [name] of finished) this.#known.set(name, null);
    const closed = [...quiet.map(({ file }) => file), ...finished.map(([, file]) => file)].filter(
      (file) => file !== null,
    );
    await Promise.all(closed.map((file) => file.close()));
    return closed.filter((file) => file.holdsHalfLine).length;
  }

  async close(): Promise<void> {
    const open = [...this.#known.values(), ...this.#gone.map(({ file }) => file)];
    this.#known.clear();
    this.#gone = [];
    await Promise.all(open.filter((file) => file !== null).map((file) => file.close()));
  }

  async #list(): Promise<readonly LogFile[]> {
    return listLogFiles(this.directory, this.kind).catch((error: unknown) => {
      // It is being replaced, or was never made.
      if (isMissing(error)) return [];
      throw error;
    });
  }

  /** The file, opened, or found again where its directory was away for a moment; undefined where it cannot be had. */
  async #open(file: LogFile): Promise<FollowedFile | undefined> {
    const found = await stat(join(this.directory, file.name)).catch(() => null);
    const back = found === null ? undefined : this.#gone.find((gone) => gone.file.is(found));
    this.#gone = this.#gone.filter((gone) => gone !== back);
    if (back?.file.name === file.name) return back.file;
    try {
      return (await FollowedFile.open(file)) ?? undefined;
    } catch (error) {
      this.onUnreadable(file.name, error);
      return undefined;
    }
  }

  /** Whether the open file is the one at this place. A compressed one has the lines of the plain one before it. */
  async #isStill(open: FollowedFile, file: LogFile, newest: ReadonlySet<string>): Promise<boolean> {
    if (!newest.has(file.name)) return true;
    const path = join(this.directory, file.name);
    const found = await stat(path).catch(() => null);
    return found === null || open.is(found);
  }
}
