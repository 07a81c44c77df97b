/** Handing a file to the browser's own way of saving files; where it goes, and that it stays there, is the person's choice. */

/** How long the browser may take to begin, in milliseconds: the address must not outlive its use. */
const TAKEN = 60_000;

/** `name` is a bare file name; the browser makes it safe for this computer. */
export function saveBlob(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(address), TAKEN);
}
