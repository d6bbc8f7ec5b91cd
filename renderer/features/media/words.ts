import type { Attachment } from '../../../contract/messages.ts';
import { formatBytes } from '../../format/bytes.ts';
import { t } from '../../texts/index.ts';

/** `ms` as players show it: `0:07`, `12:30`, `1:02:03`. */
export function formatLength(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

type Told = Pick<Attachment, 'kind' | 'name' | 'bytes' | 'durationMs'>;

const endingOf = (name: string): string => /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? '';

/** What kind of file it is, in a word: `Video`, `PDF file`. */
export function kindWord({ kind, name }: Pick<Told, 'kind' | 'name'>): string {
  if (kind === 'video') return t('media.kinds.video');
  if (kind === 'audio' || kind === 'voice') return t('media.kinds.audio');
  const ending = endingOf(name);
  return ending === '' ? t('media.kinds.plain') : t('media.kinds.file', { ending: ending.toUpperCase() });
}

/** Kind, length and size, as far as they are known. */
export const figures = (file: Told): string =>
  [
    kindWord(file),
    file.durationMs === null ? '' : formatLength(file.durationMs),
    file.bytes === null ? '' : formatBytes(file.bytes),
  ]
    .filter((part) => part !== '')
    .join(' · ');

/** Endings that a system runs, or that change how it works, when such a file is opened. */
const DANGEROUS = new Set(
  (
    'exe msi msp com scr pif bat cmd ps1 psm1 vbs vbe js jse jar wsf wsh hta cpl dll lnk url reg inf scf msc appx msix gadget ' +
    'iso img vhd vhdx chm docm xlsm pptm dotm xltm xlam app dmg pkg command terminal workflow scpt action webloc ' +
    'sh bash zsh run bin desktop appimage deb rpm snap flatpak flatpakref py pyw pl rb apk html htm xhtml mht svg'
  ).split(' '),
);

/** Whether opening it could do harm, by what systems go by: its ending. */
export const isDangerous = (name: string): boolean => DANGEROUS.has(endingOf(name.replace(/[.\s]+$/, '')));
