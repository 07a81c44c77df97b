/** All that the pure core may see of its platform: WebCrypto and the UTF-8 coders, as every one of the four machines has them. */

interface CryptoKey {
  readonly type: string;
  readonly extractable: boolean;
  readonly algorithm: { readonly name: string };
  readonly usages: readonly string[];
}

interface CryptoKeyPair {
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
}

type PlatformBytes = Uint8Array | ArrayBuffer;
type PlatformAlgorithm = string | { readonly name: string; readonly [parameter: string]: unknown };

interface SubtleCrypto {
  digest(algorithm: PlatformAlgorithm, data: PlatformBytes): Promise<ArrayBuffer>;
  deriveBits(algorithm: PlatformAlgorithm, baseKey: CryptoKey, length: number): Promise<ArrayBuffer>;
  exportKey(format: 'raw' | 'pkcs8' | 'spki', key: CryptoKey): Promise<ArrayBuffer>;
  exportKey(format: 'jwk', key: CryptoKey): Promise<Readonly<Record<string, unknown>>>;
  generateKey(
    algorithm: PlatformAlgorithm,
    extractable: boolean,
    usages: readonly string[],
  ): Promise<CryptoKey | CryptoKeyPair>;
  importKey(
    format: 'raw' | 'pkcs8' | 'spki',
    data: PlatformBytes,
    algorithm: PlatformAlgorithm,
    extractable: boolean,
    usages: readonly string[],
  ): Promise<CryptoKey>;
  importKey(
    format: 'jwk',
    data: Readonly<Record<string, unknown>>,
    algorithm: PlatformAlgorithm,
    extractable: boolean,
    usages: readonly string[],
  ): Promise<CryptoKey>;
  sign(algorithm: PlatformAlgorithm, key: CryptoKey, data: PlatformBytes): Promise<ArrayBuffer>;
  verify(algorithm: PlatformAlgorithm, key: CryptoKey, signature: PlatformBytes, data: PlatformBytes): Promise<boolean>;
}

declare const crypto: { readonly subtle: SubtleCrypto };

declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
  encodeInto(text: string, out: Uint8Array): { readonly read: number; readonly written: number };
}

declare class TextDecoder {
  constructor(label?: 'utf-8', options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean });
  decode(bytes?: PlatformBytes, options?: { readonly stream?: boolean }): string;
}

/** Only asked for, never used by name: it is missing where a browser has it switched off. */
declare const WebAssembly: object | undefined;
