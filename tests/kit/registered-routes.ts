/** Every route that an app has, read from Fastify itself: so that a test over all of them cannot miss a new one. */
import type { FastifyInstance } from 'fastify';

export interface RegisteredRoute {
  readonly method: string;
  /** With `:name` where something is to be filled in. */
  readonly path: string;
}

/** The routes of an app that is ready, in the order of its tree. */
export function registeredRoutes(app: FastifyInstance): RegisteredRoute[] {
  const above: string[] = [];
  return app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const found = /^([│ ]*)[├└]── (\S+) \(([A-Z, ]+)\)$/.exec(line);
      if (!found) {
        if (line.trim() !== '') throw new Error(`not a line of routes: ${line}`);
        return [];
      }
      const [, indent, path, methods] = found as unknown as [string, string, string, string];
      above.splice(indent.length / 4, Infinity, path);
      return methods.split(', ').map((method) => ({ method, path: above.join('') }));
    });
}
