/** One server at a time over one data folder with a private PostgreSQL: a lock that ends with the process, however that dies. */
import { createHash } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';

export interface DataLock {
  release(): void;
}

/** Takes the lock, or gives null when another server holds it. On Linux an abstract socket; elsewhere a socket file in /tmp. */
export async function lockData(data: string, platform: string = process.platform): Promise<DataLock | null> {
  const name = `postern-${createHash('sha256').update(realpathSync(data)).digest('hex').slice(0, 32)}`;
  const path = platform === 'linux' ? `\0${name}` : `/tmp/${name}.lock`;
  const server = (await listen(path)) ?? ((await answers(path)) ? null : await clearAndListen(path));
  return server === null ? null : { release: () => server.close() };
}

function listen(path: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

function clearAndListen(path: string): Promise<Server | null> {
  if (!path.startsWith('\0')) rmSync(path, { force: true });
  return listen(path);
}
