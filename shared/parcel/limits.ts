/** The bounds of a parcel, the same for who writes one and who reads one. */

/** Payload files in one parcel; also the number of different folders they may lie in. */
export const MAX_FILES = 1_000_000;

/** UTF-8 bytes of one path below `data/files/`: leaves room for the folder a parcel is unpacked in (PATH_MAX is 4,096). */
export const MAX_PATH_BYTES = 3_840;

/** UTF-8 bytes of one name between two slashes: what ext4, APFS, exFAT and NTFS can all hold for ASCII names. */
export const MAX_NAME_BYTES = 255;

/** Bytes of `manifest-sha256.txt`; it bounds what all names together may cost a reader. */
export const MAX_MANIFEST_SIZE = 256 * 1024 * 1024;

/** Bytes of the records of one pax header; what {@link MAX_PATH_BYTES} can need, with room. */
export const MAX_PAX_SIZE = 8_192;

/** Bytes of `bag-info.txt`. */
export const MAX_BAG_INFO_SIZE = 16_384;

/** Milliseconds either side of 1970 that a modification time may lie; the range of an ECMAScript date. */
export const MAX_MODIFIED = 8.64e15;
