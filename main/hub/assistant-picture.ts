import { closeSync, existsSync, openSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readImageSize } from './image-header.ts';
import { ASSISTANT_USER } from './jid.ts';
import { uploadUrl } from './modules/xep-0363-upload.ts';
import { accountExists, getSetting, setSetting } from './store/accounts.ts';
import { addUpload, findUpload } from './store/uploads.ts';
import { uploadFile } from './upload-files.ts';
import type { HubCore } from './core.ts';
import type { ImageSize } from './image-header.ts';

const NAME = 'postcard.png';
const SETTING = 'assistant:picture';

/** The picture the assistant sends; found beside the sources as well as beside a bundle. */
function findPicture(): string | null {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let up = 0; up < 5; up++, folder = dirname(folder)) {
    const file = join(folder, 'resources', 'assistant', NAME);
    if (existsSync(file)) return file;
  }
  return null;
}

/** The address of the assistant's own picture, which is put among the uploads when it is first needed. */
export function pictureUrl(core: HubCore): string | null {
  if (!accountExists(core.db, ASSISTANT_USER)) return null;
  const token = getSetting(core.db, ASSISTANT_USER, SETTING);
  if (token && existsSync(uploadFile(core, token))) return uploadUrl(core.httpBase, token, NAME);
  const source = findPicture();
  if (!source) return null;
  const fresh = randomBytes(24).toString('base64url');
  // Read and written, not copied: inside Electron's archive only reading is sure to work.
  writeFileSync(uploadFile(core, fresh), readFileSync(source), { mode: 0o600 });
  const bytes = statSync(source).size;
  addUpload(core.db, {
    token: fresh,
    user: ASSISTANT_USER,
    name: NAME,
    type: 'image/png',
    bytes,
    state: 'done',
  });
  setSetting(core.db, ASSISTANT_USER, SETTING, fresh);
  return uploadUrl(core.httpBase, fresh, NAME);
}

export interface MeasuredFile {
  bytes: number;
  size: ImageSize | null;
}

/** Measures a file of this hub by its address; null when the address is not of a finished upload here. */
export function measureUpload(core: HubCore, url: string): MeasuredFile | null {
  const token = /^http:\/\/[^/]+\/upload\/([\w-]{20,64})\//.exec(url)?.[1];
  const upload = token === undefined ? null : findUpload(core.db, token);
  if (!token || upload?.state !== 'done') return null;
  // 256 KiB hold the header even behind a large colour profile and EXIF thumbnail.
  const head = Buffer.alloc(Math.min(upload.bytes, 256 * 1024));
  const file = openSync(uploadFile(core, token), 'r');
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  return { bytes: upload.bytes, size: readImageSize(head) };
}
