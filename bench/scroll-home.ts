import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openMedia } from '../main/media/index.ts';
import { chooseBuild, loadSharp } from '../main/media/sharp-build.ts';
import { openStore } from '../main/store/index.ts';
import { fill, type SharedPhoto } from './generator.ts';
import { emptyHome } from './profile.ts';

const pictures = 12;
/** One long conversation; each tenth message is a photo. */
const shape = { messages: 10_000, conversations: 1, people: 1, photos: 1_000 };

/** A picture of 3 MP that compresses like a photo, upright or across. */
async function picture(path: string, upright: boolean): Promise<void> {
  const noise = { type: 'gaussian', mean: 128, sigma: 50 } as const;
  const create = { width: 64, height: 48, channels: 3, noise, background: '#000' } as const;
  const sharp = loadSharp(chooseBuild());
  const rough = await sharp({ create }).png().toBuffer();
  const [width, height] = upright ? [1536, 2048] : [2048, 1536];
  writeFileSync(
    path,
    await sharp(rough).resize(width, height, { kernel: 'cubic', fit: 'fill' }).jpeg().toBuffer(),
  );
}

async function sharedPhotos(folder: string): Promise<SharedPhoto[]> {
  const media = await openMedia({ folder });
  const made: SharedPhoto[] = [];
  try {
    for (let i = 0; i < pictures; i += 1) {
      const path = join(folder, `made-${i}.jpg`);
      await picture(path, i % 3 === 0);
      const { file, width, height, bytes, mediaType } = await media.encode(path, {
        quality: 'standard',
        metadata: 'credit',
        sharpen: false,
      });
      await media.thumbnail(file.sha256);
      const { thumbhash } = await media.placeholder(file.path);
      made.push({ sha256: file.sha256, mediaType, bytes, width, height, thumbhash });
    }
  } finally {
    await media.close();
  }
  return made;
}

/** A home with one conversation of 10,000 messages, 1,000 of them photos that are on this computer. */
export async function homeToScroll(): Promise<string> {
  const { home, account } = await emptyHome('scroll');
  const shared = await sharedPhotos(join(account, 'media'));
  const store = openStore({ file: join(account, 'postcard.sqlite'), backupFolder: join(account, 'backups') });
  try {
    fill(store.db, shape, 1, shared);
  } finally {
    store.close();
  }
  return home;
}
