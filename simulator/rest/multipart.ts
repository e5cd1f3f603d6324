/** One part of a form. */
export interface FormPart {
  readonly name: string;
  /** Null for a plain field. */
  readonly filename: string | null;
  readonly contentType: string;
  readonly bytes: Buffer;
}

const LINE_END = '\r\n';
const HEAD_END = '\r\n\r\n';

/** The parts of a `multipart/form-data` body (RFC 7578); null if it is not one. */
export function parseMultipart(body: Buffer, contentType: string): readonly FormPart[] | null {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType)?.slice(1).find(Boolean);
  if (boundary === undefined) return null;
  const delimiter = `--${boundary}`;
  const parts: FormPart[] = [];
  let position = body.indexOf(delimiter);
  while (position >= 0) {
    const start = position + delimiter.length;
    if (body.toString('latin1', start, start + 2) === '--') return parts;
    const headEnd = body.indexOf(HEAD_END, start);
    const end = body.indexOf(`${LINE_END}${delimiter}`, start);
    if (headEnd < 0 || end < headEnd) return null;
    const part = readPart(
      body.toString('utf8', start, headEnd),
      body.subarray(headEnd + HEAD_END.length, end),
    );
    if (part === null) return null;
    parts.push(part);
    position = end + LINE_END.length;
  }
  return null;
}

function readPart(head: string, bytes: Buffer): FormPart | null {
  const disposition = headerOf(head, 'content-disposition');
  const name = parameterOf(disposition, 'name');
  if (name === null) return null;
  const filename = parameterOf(disposition, 'filename');
  return { name, filename, contentType: headerOf(head, 'content-type') || 'application/octet-stream', bytes };
}

function headerOf(head: string, name: string): string {
  const line = head.split(LINE_END).find((one) => one.toLowerCase().startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim() ?? '';
}

/** Browsers and undici escape quotes and line ends in names as %22, %0D and %0A. */
function parameterOf(header: string, name: string): string | null {
  const value = new RegExp(`;\\s*${name}="([^"]*)"`, 'i').exec(header)?.[1];
  return value?.replaceAll('%22', '"').replaceAll('%0D', '\r').replaceAll('%0A', '\n') ?? null;
}
