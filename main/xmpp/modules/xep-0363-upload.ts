// XEP-0363: HTTP File Upload, version 1.1.0
import type { IQ } from 'stanza/protocol/index.js';
import { PostcardError } from '../../../contract/errors.ts';
import { IqError } from '../iq.ts';
import type { UploadSlot } from '../types.ts';
import type { IqPort } from './iq-port.ts';
import { discoInfo, discoItems, formValue } from './xep-0030-disco.ts';

export const UPLOAD = 'urn:xmpp:http:upload:0';

export interface UploadService {
  readonly address: string;
  /** Bytes; what a service without a stated limit takes is unknown: the largest safe integer. */
  readonly limit: number;
}

/** Looks for the upload service of my server (section 3); null where there is none. */
export async function findUpload(port: IqPort): Promise<UploadService | null> {
  for (const address of [port.domain, ...(await discoItems(port, port.domain))]) {
    const info = await discoInfo(port, address);
    if (info === null || !info.features.includes(UPLOAD)) continue;
    const stated = Number(formValue(info, UPLOAD, 'max-file-size') ?? Number.NaN);
    return { address, limit: stated > 0 ? stated : Number.MAX_SAFE_INTEGER };
  }
  return null;
}

/** Asks for a slot. Throws PostcardError `file-too-large` {limit}, `upload-failed` {condition}, `offline` … */
export async function requestSlot(
  port: IqPort,
  service: UploadService,
  file: { name: string; bytes: number; mediaType: string },
): Promise<UploadSlot> {
  if (file.bytes > service.limit) throw new PostcardError('file-too-large', { limit: service.limit });
  const httpUpload = { type: 'request', name: file.name, size: file.bytes, mediaType: file.mediaType };
  try {
    const answer = await port.send({ type: 'get', to: service.address, httpUpload } as unknown as IQ);
    return readSlot(answer);
  } catch (error) {
    if (!(error instanceof IqError)) throw error;
    const limit = (error.error as { httpUploadMaxFileSize?: number } | null)?.httpUploadMaxFileSize;
    if (limit !== undefined) throw new PostcardError('file-too-large', { limit }, { cause: error });
    throw new PostcardError('upload-failed', { condition: error.condition }, { cause: error });
  }
}

const allowedHeaders = new Map([
  ['authorization', 'Authorization'],
  ['cookie', 'Cookie'],
  ['expires', 'Expires'],
]);

/** The slot in an answer. Section 5: only three headers may be taken over, and without line breaks. */
export function readSlot(iq: IQ): UploadSlot {
  const slot = iq.httpUpload as
    | { download?: string; upload?: { url?: string; headers?: { name?: string; value?: string }[] } }
    | undefined;
  const put = slot?.upload?.url;
  const get = slot?.download;
  if (!put || !get) throw new PostcardError('upload-failed', { condition: 'no-slot' });
  const headers: Record<string, string> = {};
  for (const header of slot?.upload?.headers ?? []) {
    const name = allowedHeaders.get((header.name ?? '').trim().toLowerCase());
    if (name !== undefined) headers[name] = (header.value ?? '').replace(/[\r\n]/g, '');
  }
  return { put, get, headers };
}
