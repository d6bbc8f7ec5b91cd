import type { Message } from '../../../contract/messages.ts';
import { t } from '../../texts/index.ts';
import { useToasts } from '../../ui/toasts.ts';

/** The picture as PNG, the one kind every program can paste. */
async function pictureAsPng(id: number): Promise<Blob> {
  const response = await fetch(`/media/attachment/${id}`);
  if (!response.ok) throw new Error(`The picture is not there: ${response.status}`);
  const bitmap = await createImageBitmap(await response.blob());
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.convertToBlob({ type: 'image/png' });
}

async function say(copying: Promise<void>): Promise<void> {
  try {
    await copying;
    useToasts().note(t('message.copied'));
  } catch (error) {
    console.warn('Copying did not work', error);
    useToasts().note(t('message.copyFailed'));
  }
}

/** Puts a picture on the clipboard, with its caption as the text beside it. */
export function copyPicture(id: number, caption: string): Promise<void> {
  // The item is made at once, while the click still counts, and filled when the picture is ready.
  const parts: Record<string, Promise<Blob> | Blob> = { 'image/png': pictureAsPng(id) };
  if (caption) parts['text/plain'] = new Blob([caption], { type: 'text/plain' });
  return say(navigator.clipboard.write([new ClipboardItem(parts)]));
}

export const copyText = (text: string): Promise<void> => say(navigator.clipboard.writeText(text));

/** The picture of a message where it has one, else its text. */
export function copyMessage({ attachments, text }: Message): Promise<void> {
  const photo = attachments.find(
    ({ kind, state }) => (kind === 'photo' || kind === 'sticker') && state === 'ready',
  );
  return photo ? copyPicture(photo.id, text) : copyText(text);
}

/** Saves a file the browser's way: it asks where to, or puts it among the downloads. */
export function saveAttachment(id: number, name: string): void {
  const link = document.createElement('a');
  link.href = `/media/attachment/${id}`;
  link.download = name;
  link.click();
}
