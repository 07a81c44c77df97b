/** The one Trusted Types policy of the page (w3.org/TR/trusted-types): it lets a script address through if it is our own. */
import { TRUSTED_TYPES_POLICY } from '../../shared/protocol/csp.ts';

/** What a browser with Trusted Types has and the DOM library does not tell of yet. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { readonly createScriptURL: (address: string) => string },
  ): { createScriptURL(address: string): unknown };
}

/** Where a Worker can be started from: a trusted address, or the plain one where the browser knows no such thing. */
export function trustedScript(address: string): unknown {
  policy ??= createPolicy();
  return policy(address);
}

/** A policy of one name can be made only once. */
let policy: ((address: string) => unknown) | undefined;

function createPolicy(): (address: string) => unknown {
  const types = (globalThis as { readonly trustedTypes?: TrustedTypes }).trustedTypes;
  if (types === undefined) return ownAddress;
  const made = types.createPolicy(TRUSTED_TYPES_POLICY, { createScriptURL: ownAddress });
  return (address) => made.createScriptURL(address);
}

/** Only scripts of the page's own server, below its own root. */
function ownAddress(address: string): string {
  const { origin, href } = new URL(address, location.href);
  if (origin !== location.origin) throw new TypeError('Not a script of this page.');
  return href;
}
