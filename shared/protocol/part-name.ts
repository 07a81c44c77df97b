/** File names of parts in a bundle: six digits and `.age`, safe on FAT and exFAT. */

/** `000017.age` for part 17. */
export function partName(part: number): string {
  return `${String(part).padStart(6, '0')}.age`;
}

/** The number in a part's file name, or null for any other name. */
export function parsePartName(name: string): number | null {
  return /^\d{6}\.age$/.test(name) ? Number(name.slice(0, 6)) : null;
}
