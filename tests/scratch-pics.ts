import sharp from 'sharp';
const scene = (w: number, h: number, sky: [string, string], sun: string, hills: string[]) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}"><defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${sky[0]}"/><stop offset="1" stop-color="${sky[1]}"/></linearGradient></defs><rect width="${w}" height="${h}" fill="url(#s)"/><circle cx="${w * 0.68}" cy="${h * 0.42}" r="${h * 0.09}" fill="${sun}"/>${hills
    .map((c, i) => {
      const y = h * (0.55 + i * 0.12);
      return `<path d="M0 ${y} C ${w * 0.2} ${y - h * 0.18 + i * 20}, ${w * 0.35} ${y + h * 0.08}, ${w * 0.5} ${y - h * 0.05} S ${w * 0.8} ${y - h * 0.2 + i * 60}, ${w} ${y} V ${h} H 0 Z" fill="${c}"/>`;
    })
    .join('')}</svg>`;
const make = async (n: string, w: number, h: number, ...a: [[string, string], string, string[]]) => {
  const base = await sharp(Buffer.from(scene(1500, Math.round((1500 * h) / w), ...a)))
    .resize(w, h)
    .png()
    .toBuffer();
  await sharp(base)
    .withExif({
      IFD0: { Artist: 'A. Photographer', Copyright: '(c) 2026' },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '52/1 31/1 0/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '13/1 24/1 0/1',
      },
    })
    .jpeg({ quality: 95 })
    .toFile(`/tmp/pics/${n}.jpg`);
};
await make('Dawn', 6000, 4000, ['#24466e', '#f6b27a'], '#fff1c9', ['#6b5b86', '#473f66', '#2a2a45']);
await make('Lake', 4000, 6000, ['#7cc4e8', '#eaf6fb'], '#ffffff', ['#6aa08f', '#3f7a6c', '#23504b']);
await make('Desert', 6000, 4000, ['#f7d08a', '#fbead1'], '#ff9d5c', ['#d98b5f', '#b5654a', '#7d3f38']);
