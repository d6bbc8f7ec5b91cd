/** XEP-0363 HTTP File Upload, version 1.1.0: slots here, the transfer in upload-http.ts. */
import { randomBytes } from 'node:crypto';
import { LIMITS } from '../limits.ts';
import { NS } from '../namespaces.ts';
import { StanzaError } from '../stanza.ts';
import { addUpload, countOpenUploads } from '../store/uploads.ts';
import { eraseFiles, forgetUnusedSlots } from '../upload-files.ts';
import { el, textEl } from '../xml.ts';
import type { HubModule, IqRequest } from '../module.ts';
import type { XmlElement } from '../xml.ts';

function slot({ core, session, payload }: IqRequest): XmlElement {
  const { filename = '', size = '' } = payload.attrs;
  const type = payload.attrs['content-type'] ?? 'application/octet-stream';
  const bytes = /^\d{1,15}$/.test(size) ? Number(size) : 0;
  const name = cleanName(filename);
  if (!name || bytes === 0 || !/^[\w.+-]{1,100}\/[\w.+-]{1,100}$/.test(type))
    throw new StanzaError('bad-request');
  if (bytes > LIMITS.uploadBytes) throw tooLarge();
  if (countOpenUploads(core.db, session.user) >= LIMITS.openSlots) {
    forgetUnusedSlots(core);
    if (countOpenUploads(core.db, session.user) >= LIMITS.openSlots)
      throw new StanzaError('resource-constraint');
  }
  const token = randomBytes(24).toString('base64url');
  addUpload(core.db, { token, user: session.user, name, type, bytes, state: 'open' });
  const url = uploadUrl(core.httpBase, token, name);
  return el('slot', NS.upload, {}, [el('put', NS.upload, { url }), el('get', NS.upload, { url })]);
}

/** The address of an upload, in `base` (no slash at its end). */
export function uploadUrl(base: string, token: string, name: string): string {
  return `${base}/upload/${token}/${encodeURIComponent(name)}`;
}

/** A file's name without its path and without anything that could mislead. */
function cleanName(filename: string): string {
  const base = filename.split(/[/\\]/).at(-1) ?? '';
  const clean = base
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .toWellFormed()
    .trim()
    .slice(0, 200);
  return /^\.+$/.test(clean) ? '' : clean;
}

function tooLarge(): StanzaError {
  const limit = textEl('max-file-size', NS.upload, String(LIMITS.uploadBytes));
  return new StanzaError(
    'not-acceptable',
    'The file is too large',
    el('file-too-large', NS.upload, {}, [limit]),
  );
}

export const upload: HubModule = {
  name: 'xep-0363-upload',
  iq: [{ at: 'upload', type: 'get', ns: NS.upload, name: 'request', handle: slot }],
  onErase: eraseFiles,
};
