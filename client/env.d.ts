/** What the build and the browser give the client beyond the DOM library: build-time constants, styles, the worker's scope. */

interface ImportMetaEnv {
  /** The organisation's root public key (unpadded base64url), fixed when the client is built. */
  readonly POSTERN_ROOT_KEY: string;
  readonly DEV: boolean;
  readonly PROD: boolean;
}

interface ImportMeta {
  readonly env: ImportMetaEnv;
}

declare module '*.css';

interface DedicatedWorkerGlobalScope extends EventTarget {
  onmessage: ((event: MessageEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
  readonly crypto: Crypto;
  postMessage(message: unknown, transfer?: Transferable[]): void;
  close(): void;
}
