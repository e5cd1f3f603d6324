import { chunksOf } from './chunks';
import { listLogFiles, openLogFile, type LogFile, type OpenLogFile } from './log-file';
import { leadingTimestamp } from './query';

/** What could be found at all, for those who found nothing. */
export interface Reach {
  /** How many files there are. */
  readonly files: number;
  /** When their oldest line was logged: ISO 8601, UTC. Null where no file tells. */
  readonly from: string | null;
}

const TIMESTAMP_BYTES = 64;

/** How far back these files of the directory go. Reads their beginnings alone. Never rejects. */
export async function reachOf(directory: string, files: readonly LogFile[]): Promise<Reach> {
  // Files of errors may have no line for days. That there was no error since then is told by those of every line.
  const withEveryLine = await listLogFiles(directory, 'bot').catch(() => []);
  const oldest = [await oldestIn(files), await oldestIn(withEveryLine)].filter((one) => one !== null).sort();
  return { files: files.length, from: oldest[0] ?? null };
}

/** Of the first file that has a line. */
async function oldestIn(files: readonly LogFile[]): Promise<string | null> {
  for (const file of files) {
    const from = await firstTimestamp(file).catch(() => null);
    if (from !== null) return from;
  }
  return null;
}

async function firstTimestamp(file: LogFile): Promise<string | null> {
  let open: OpenLogFile | null = null;
  try {
    open = await openLogFile(file);
    return open === null ? null : await timestampIn(open);
  } finally {
    await open?.handle.close();
  }
}

async function timestampIn(open: OpenLogFile): Promise<string | null> {
  for await (const chunk of chunksOf(open)) {
    const at = Date.parse(leadingTimestamp(chunk.toString('utf8', 0, TIMESTAMP_BYTES)) ?? '');
    return Number.isNaN(at) ? null : new Date(at).toISOString();
  }
  return null;
}
