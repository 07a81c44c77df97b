/** What a file says about itself: kinds of metadata that are present, and the few facts an examiner asks for first. None of it is proof of anything. */

export interface Facts {
  /** By the first bytes, whatever the name says; null when they are of no kind that is known here. */
  readonly detected: string | null;
  readonly exif: boolean;
  readonly xmp: boolean;
  readonly iptc: boolean;
  /** A C2PA manifest store is there; it is not judged. */
  readonly c2pa: boolean;
  /** A position is there. */
  readonly gps: boolean;
  readonly make: string | null;
  readonly model: string | null;
  readonly software: string | null;
  /** When it was made, in the words of the file. */
  readonly created: string | null;
  /** In seconds. */
  readonly duration: number | null;
  readonly codecs: readonly string[];
  /** Why the rest could not be read; null when it could. */
  readonly problem: string | null;
}

/** Facts that are being gathered. */
export type Gathering = { -readonly [name in keyof Facts]: Facts[name] } & { codecs: string[] };

export function noFacts(problem: string | null = null): Gathering {
  return {
    detected: null,
    exif: false,
    xmp: false,
    iptc: false,
    c2pa: false,
    gps: false,
    make: null,
    model: null,
    software: null,
    created: null,
    duration: null,
    codecs: [],
    problem,
  };
}

const LONGEST = 200;
const CODECS = 32;

/** Text out of a file, cut to a bearable length; null when there is none. */
export function textOf(bytes: Uint8Array): string | null {
  const text = new TextDecoder('utf-8').decode(bytes.subarray(0, LONGEST * 4));
  const cut = text.indexOf('\0');
  return (cut < 0 ? text : text.slice(0, cut)).trim().slice(0, LONGEST) || null;
}

export function latin(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, LONGEST));
}

/** Adds a codec once. */
export function addCodec(facts: Gathering, codec: string | null): void {
  if (codec !== null && facts.codecs.length < CODECS && !facts.codecs.includes(codec)) facts.codecs.push(codec);
}
