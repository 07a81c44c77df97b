/** Addresses of files on the content listener: nobody who was not told one can make one, and each is good until the viewer ends. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** A file of a parcel by its number. */
export interface FilePlace {
  readonly parcel: string;
  readonly index: number;
}

export interface Addresses {
  /** Path on the content listener. */
  pathOf(place: FilePlace): string;
  /** Null for a path that was not made here. */
  placeOf(path: string): FilePlace | null;
}

const PATH = /^\/([0-9a-f]{32})\/(0|[1-9]\d{0,6})\/([A-Za-z0-9_-]{43})$/;

/** `secret` is drawn anew for each run. */
export function createAddresses(secret: Uint8Array): Addresses {
  const proofOf = ({ parcel, index }: FilePlace): Buffer =>
    createHmac('sha256', secret).update(`${parcel}/${index}`).digest();
  return {
    pathOf: (place) => `/${place.parcel}/${place.index}/${proofOf(place).toString('base64url')}`,
    placeOf(path) {
      const [, parcel, index, proof] = PATH.exec(path) ?? [];
      if (parcel === undefined || index === undefined || proof === undefined) return null;
      const place = { parcel, index: Number(index) };
      return timingSafeEqual(Buffer.from(proof, 'base64url'), proofOf(place)) ? place : null;
    },
  };
}
