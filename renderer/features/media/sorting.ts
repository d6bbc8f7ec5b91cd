import { useStaged } from '../photos/staged.ts';
import { useStagedFiles } from './staged-files.ts';

/** Whether a chosen file goes the way of photos; what its bytes say is for the core. */
export const isPhoto = ({ name, type }: Pick<File, 'name' | 'type'>): boolean =>
  (type.startsWith('image/') && type !== 'image/svg+xml') || /\.(heic|heif|avif)$/i.test(name);

/** Files that were dropped, pasted or handed over: photos to the photos, everything else to the files. */
export function takeFiles(files: readonly File[]): void {
  const photos = files.filter(isPhoto);
  const others = files.filter((file) => !isPhoto(file));
  if (photos.length > 0) void useStaged().add(photos);
  if (others.length > 0) void useStagedFiles().add(others);
}
