// Small files of film and sound, byte by byte: valid to whoever reads indexes, though nothing can be seen or heard.

export const u32 = (...values: number[]) => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, n) => bytes.writeUInt32BE(value >>> 0, n * 4));
  return bytes;
};
export const latin = (text: string) => Buffer.from(text, 'latin1');
export const box = (type: string, ...content: Buffer[]) => {
  const body = Buffer.concat(content);
  return Buffer.concat([u32(8 + body.length), latin(type), body]);
};
const hdlr = (type: string) => box('hdlr', u32(0, 0), latin(type), u32(0, 0, 0), Buffer.from([0]));
export const mvhd = (units: number, scale = 1000) =>
  box('mvhd', u32(0, 0, 0, scale, units), Buffer.alloc(80));

function tkhd(turned: boolean) {
  const matrix = turned ? [0, 0x10000, 0, -0x10000, 0, 0] : [0x10000, 0, 0, 0, 0x10000, 0];
  return box('tkhd', Buffer.alloc(40), u32(...matrix, 0, 0, 0x40000000), u32(640 << 16, 360 << 16));
}

export function track(
  handler: string,
  format: string,
  o: { turned?: boolean; chunk?: number; bytes?: number } = {},
) {
  const stbl = box(
    'stbl',
    box('stsd', u32(0, 1, 8), latin(format)),
    box('stsc', u32(0, 1, 1, 1, 1)),
    box('stsz', u32(0, o.bytes ?? 0, 1)),
    box('stco', u32(0, 1, o.chunk ?? 0)),
  );
  return box('trak', tkhd(o.turned ?? false), box('mdia', hdlr(handler), box('minf', stbl)));
}

export const ftyp = box('ftyp', latin('isom'), u32(0));
const place = '+52.5163+013.3777/';
const keysOfApple = (() => {
  const key = latin('com.apple.quicktime.location.ISO6709');
  const other = latin('com.apple.quicktime.make');
  const keys = box(
    'keys',
    u32(0, 2, 8 + other.length),
    latin('mdta'),
    other,
    u32(8 + key.length),
    latin('mdta'),
    key,
  );
  const item = (number: number, text: string) =>
    box(u32(number).toString('latin1'), box('data', u32(1, 0), latin(text)));
  return box('meta', hdlr('mdta'), keys, box('ilst', item(1, 'Apple'), item(2, place)));
})();

/** An MP4 of 4.2 s and 640 × 360 px whose telemetry lies at the beginning of `mdat`, before the pictures. */
export function film(o: { places?: boolean; units?: number; turned?: boolean } = {}) {
  const secret = latin('GPS 52.5163N');
  const mdat = box('mdat', o.places ? secret : Buffer.alloc(0), latin('pictures'));
  const told = o.places
    ? [
        track('meta', 'mebx', { chunk: ftyp.length + 8, bytes: secret.length }),
        box(
          'udta',
          box('\xa9xyz', u32(place.length << 16), latin(place)),
          box('\xa9nam', latin('Berlin wall')),
        ),
        keysOfApple,
      ]
    : [];
  const moov = box(
    'moov',
    mvhd(o.units ?? 4200),
    track('vide', 'avc1', { turned: o.turned ?? false }),
    ...told,
  );
  return Buffer.concat([ftyp, mdat, moov]);
}

export const ebml = (id: string, content: Buffer | null) => {
  if (content === null) return Buffer.from(`${id}01ffffffffffffff`, 'hex');
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(content.length) | (1n << 56n));
  return Buffer.concat([Buffer.from(id, 'hex'), size, content]);
};

/** 2.12 s of sound as MediaRecorder writes it in WebM: segment and cluster of unknown size, no duration. */
export function recording() {
  const info = ebml('1549a966', ebml('2ad7b1', Buffer.from('0f4240', 'hex')));
  const tracks = ebml('1654ae6b', ebml('ae', ebml('83', Buffer.from([2]))));
  const block = (time: number) => {
    const content = Buffer.from([0x81, 0, 0, 0x80, 1, 2, 3]);
    content.writeInt16BE(time, 1);
    return ebml('a3', content);
  };
  const cluster = Buffer.concat([
    ebml('1f43b675', null),
    ebml('e7', Buffer.from([0x07, 0xd0])),
    block(0),
    block(60),
  ]);
  return Buffer.concat([ebml('1a45dfa3', Buffer.alloc(4)), ebml('18538067', null), info, tracks, cluster]);
}
