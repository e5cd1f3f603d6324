import type { LinkFault } from './faults';
import { listLogFiles } from './log-files';
import { linkNewest, type LinkResult } from './newest-link';
import type { Cut, Opening, RotationSettings } from './open-log-file';
import { openRotatingStream, type RotatingStream } from './rotating-stream';

export interface CurrentStreamOptions extends Omit<RotationSettings, 'onOpened'> {
  /** Told of each file that is begun, or gone on with. */
  readonly onOpened: (name: string) => void;
  /** Told each time that the link to the newest file is not made. */
  readonly onUnlinked: (why: LinkFault) => void;
}

/** The stream that lines go to now, opened when it is asked for. */
export class CurrentStream {
  private stream: RotatingStream | null = null;
  /** The file to which the link could not be made. */
  private unlinked: string | null = null;

  constructor(private readonly options: CurrentStreamOptions) {}

  /**
   * The stream, opened anew where its file is deleted or moved away, or is full by what others wrote. Rejects with what
   * the file system says.
   *
   * @param cut the half of a line that would be gone on with.
   */
  async ready(cut: Cut | null): Promise<{ stream: RotatingStream; roomBytes: number }> {
    const room = (await this.stream?.room()) ?? 'away';
    if (this.stream !== null && typeof room === 'object') {
      await this.linkAgain();
      return { stream: this.stream, roomBytes: room.bytes };
    }
    await this.close();
    const opening: Opening = room === 'full' ? { how: 'begin' } : { how: 'go_on', cut };
    const stream = await openRotatingStream({ ...this.options, onOpened: this.onOpened }, opening);
    this.stream = stream;
    const roomNow = await stream.room();
    return { stream, roomBytes: typeof roomNow === 'object' ? roomNow.bytes : 1 };
  }

  /** Gives up the stream, which stays open: for the moment in which the process ends. */
  leave(): RotatingStream | null {
    const { stream } = this;
    this.stream = null;
    return stream;
  }

  /** Resolves when the file is closed. */
  async close(): Promise<void> {
    await this.leave()?.close();
  }

  private readonly onOpened: RotationSettings['onOpened'] = (name, link) => {
    this.linked(name, link);
    this.options.onOpened(name);
  };

  private async linkAgain(): Promise<void> {
    const { options, unlinked: name } = this;
    if (name !== null) this.linked(name, await linkNewest(options, name, await listLogFiles(options)));
  }

  private linked(name: string, link: LinkResult): void {
    this.unlinked = link === 'failed' ? name : null;
    if (link !== 'linked') this.options.onUnlinked(link);
  }
}
