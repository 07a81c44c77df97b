/** How the listeners of the viewer are called: by the address of this machine to itself, never by a name that could point elsewhere. */

export const LOCAL_ADDRESS = '127.0.0.1';

/** The origin of a listener. */
export function originOf(port: number): string {
  return `http://${LOCAL_ADDRESS}:${port}`;
}

/** What a browser says in Host to a listener. */
export function hostOf(port: number): string {
  return `${LOCAL_ADDRESS}:${port}`;
}
