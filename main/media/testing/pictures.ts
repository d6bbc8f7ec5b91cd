import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll } from 'vitest';
import type { MetadataProfile } from '../../../contract/photos.ts';
import { openMedia, type Media, type Quality } from '../index.ts';

/** The media of a test file and a folder for its sources, both gone after its last test. */
export interface TestMedia {
  readonly media: Media;
  readonly folder: string;
  /** Writes a source; its path. */
  file(name: string, bytes: Uint8Array): Promise<string>;
}

export function testMedia(): TestMedia {
  let folder = '';
  let media: Media;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'postcard-media-'));
    media = await openMedia({ folder: join(folder, 'files') });
  });
  afterAll(async () => {
    await media.close();
    await rm(folder, { recursive: true });
  });
  return {
    get media() {
      return media;
    },
    get folder() {
      return folder;
    },
    file: async (name, bytes) => {
      const path = join(folder, name);
      await writeFile(path, bytes);
      return path;
    },
  };
}

/** Soft noise: compresses like a photo. */
export async function photo(width: number, height: number, channels: 3 | 4 = 3): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  const create = { width: Math.ceil(width / 8), height: Math.ceil(height / 8), channels: 3, noise } as const;
  const rough = await sharp({ create: { ...create, background: '#000' } })
    .png()
    .toBuffer();
  const smooth = sharp(await sharp(rough).resize(width, height, { fit: 'fill' }).png().toBuffer());
  if (channels === 3) return smooth.png({ compressionLevel: 1 }).toBuffer();
  const { data, info } = await smooth.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  for (let at = 3; at < data.length; at += 4) data[at] = (at >> 8) % 256;
  return sharp(data, { raw: info }).png({ compressionLevel: 1 }).toBuffer();
}

export const GPS = {
  GPSLatitudeRef: 'N',
  GPSLatitude: '52/1 31/1 123457/10000',
  GPSLongitudeRef: 'E',
  GPSLongitude: '13/1 24/1 765433/10000',
};
export const EXIF = { IFD0: { Artist: 'Ada', Copyright: 'Ada 2024', Model: 'Box 1' }, IFD3: GPS };
export const XMP = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="52,31.2057N"/></rdf:RDF></x:xmpmeta>`;

/** How a photo is sent unless a test says otherwise. */
export function standard(metadata: MetadataProfile = 'credit', quality: Quality = 'standard') {
  return { quality, metadata, sharpen: false };
}
