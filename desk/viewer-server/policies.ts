/** The exact headers of the viewer's two listeners: the page, which may run its own program, and the content, which may do nothing at all. */

/** Of every answer of both listeners. */
const ALWAYS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'origin-agent-cluster': '?1',
  'permissions-policy':
    'camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=(), midi=(), payment=(), clipboard-read=()',
};

/** Of the page and its API. `content` is the origin of the other listener. */
export function pageHeaders(content: string): Readonly<Record<string, string>> {
  return {
    ...ALWAYS,
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "font-src 'self'",
      `img-src 'self' ${content}`,
      `media-src ${content}`,
      `connect-src 'self' ${content}`,
      "frame-src 'self'",
      "worker-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ].join('; '),
    'cross-origin-resource-policy': 'same-origin',
    'x-frame-options': 'DENY',
  };
}

/**
 * Of the document in which a PDF is drawn. Its `sandbox` makes its origin opaque, wherever it is loaded: what runs in it can reach neither the
 * page, nor the API, nor any file, and has no connection at all. `page` is the origin of the page, which alone may frame it.
 */
export function frameHeaders(page: string): Readonly<Record<string, string>> {
  return {
    ...ALWAYS,
    'content-security-policy': [
      "default-src 'none'",
      'sandbox allow-scripts',
      // Pictures in a PDF are unpacked by WebAssembly.
      `script-src ${page} 'wasm-unsafe-eval'`,
      'worker-src blob:',
      `style-src ${page}`,
      'img-src data: blob:',
      'font-src data: blob:',
      "base-uri 'none'",
      "form-action 'none'",
      `frame-ancestors ${page}`,
    ].join('; '),
    'cross-origin-resource-policy': 'cross-origin',
  };
}

/** Of a file that a source sent. `page` is the origin of the page, which alone may read it. */
export function contentHeaders(page: string): Readonly<Record<string, string>> {
  return {
    ...ALWAYS,
    'content-security-policy':
      "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    'cross-origin-resource-policy': 'cross-origin',
    'x-frame-options': 'DENY',
    'access-control-allow-origin': page,
    'access-control-expose-headers': 'content-range, accept-ranges',
    vary: 'origin',
  };
}
