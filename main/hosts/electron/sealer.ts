import { safeStorage } from 'electron';
import type { Sealer } from '../secrets-file.ts';

/**
 * The system's key store, after the app is ready; null where there is none. `basic_text` is Chromium's word for
 * a key that is the same everywhere: that would be a file in plain, with a show of secrecy.
 */
export function systemSealer(): Sealer | null {
  if (!safeStorage.isEncryptionAvailable()) return null;
  if (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') return null;
  return {
    seal: (text) => safeStorage.encryptString(text).toString('base64'),
    open: (sealed) => safeStorage.decryptString(Buffer.from(sealed, 'base64')),
  };
}
