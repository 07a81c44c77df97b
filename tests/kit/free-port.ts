/** Ports of loopback that nothing listens on and no outgoing connection can be given. */
import { createServer } from 'node:net';
import { randomInt } from 'node:crypto';

/** Linux gives outgoing connections ports from 32768 up; a server that is down for a moment must find its port free again. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(18_000, 32_000);
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer()
        .once('error', () => resolve(false))
        .listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
}
