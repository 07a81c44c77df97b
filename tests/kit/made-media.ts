/** Small pictures and containers made byte by byte, true ones and such as no camera writes. */

export function ascii(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

export function be32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A box of an MP4. */
export function box(type: string, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([be32(body.length + 8), ascii(type), body]);
}

/** A segment of a JPEG. */
function segment(marker: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.of(0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 0xff), body]);
}

/** EXIF of a camera called so, with a position. */
export function exif(make: string, model: string): Buffer {
  const texts = [make, model].map((text) => ascii(`${text}\0`.padEnd(8, '\0')));
  const entry = (tag: number, type: number, count: number, value: number) => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt16LE(tag, 0);
    bytes.writeUInt16LE(type, 2);
    bytes.writeUInt32LE(count, 4);
    bytes.writeUInt32LE(value, 8);
    return bytes;
  };
  const after = 8 + 2 + 3 * 12 + 4;
  return Buffer.concat([
    ascii('II*\0\b\0\0\0\u0003\0'),
    entry(0x010f, 2, texts[0]!.length, after),
    entry(0x0110, 2, texts[1]!.length, after + texts[0]!.length),
    entry(0x8825, 4, 1, 8),
    be32(0),
    ...texts,
  ]);
}

/** A JPEG without a picture, but with every kind of metadata. */
export function jpeg(): Buffer {
  return Buffer.concat([
    Buffer.of(0xff, 0xd8),
    segment(0xe1, Buffer.concat([ascii('Exif\0\0'), exif('Camera maker', 'Model 7')])),
    segment(0xe1, ascii('http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>')),
    segment(0xed, ascii('Photoshop 3.0\0')),
    segment(0xeb, ascii('JP\0\u0001\0\0\0\u0001\0\0\0\u0020jumb\0\0\0\u0018jumdc2pa')),
    Buffer.of(0xff, 0xda, 0, 2, 0xff, 0xd9),
  ]);
}

/** A film of which everything is said and nothing is there: so many frames, of such a duration. */
export function boastfulFilm(): Buffer {
  const huge = Buffer.alloc(8, 0x7f);
  const header = Buffer.concat([be32(0x01000000), Buffer.alloc(16), be32(1), huge, Buffer.alloc(80)]);
  const sizes = Buffer.concat([be32(0), be32(0), be32(0xffffffff)]);
  return Buffer.concat([
    box('ftyp', ascii('isom\0\0\0\0')),
    box('moov', box('mvhd', header), box('trak', box('mdia', box('minf', box('stbl', box('stsz', sizes)))))),
  ]);
}
