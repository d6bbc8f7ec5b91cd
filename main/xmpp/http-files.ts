import { PostcardError } from '../../contract/errors.ts';
import type { Download, DownloadRequest, UploadRequest } from './types.ts';

/** PUTs a file to its slot (XEP-0363). Throws `upload-failed` {status}, `file-missing`, `cancelled`. */
export async function uploadFile(request: UploadRequest): Promise<void> {
  throw new PostcardError('upload-failed', { bytes: request.bytes });
}

/** Throws `download-refused`, `download-failed` {status}, `file-too-large` {limit}, `cancelled`. */
export async function downloadFile(request: DownloadRequest): Promise<Download> {
  throw new PostcardError('download-failed', { url: request.url });
}
