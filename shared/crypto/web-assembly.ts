/** Whether WebAssembly can be tried. Tor Browser takes the whole object away at its "Safer" and "Safest" levels. */

/** False where there is no WebAssembly at all; true does not yet say that a policy lets it compile. */
export function hasWebAssembly(): boolean {
  return typeof WebAssembly === 'object';
}
