import type { GalleryItem } from '../../../contract/gallery.ts';

export interface Month {
  readonly key: string;
  /** Unix ms, of the first that is in it. */
  readonly time: number;
  readonly items: readonly GalleryItem[];
}

/** What was sent in one month stands together; the order stays. */
export function byMonth(items: readonly GalleryItem[]): Month[] {
  const months: { key: string; time: number; items: GalleryItem[] }[] = [];
  for (const item of items) {
    const date = new Date(item.message.sentAt);
    const key = `${date.getFullYear()}-${date.getMonth()}`;
    const last = months.at(-1);
    if (last?.key === key) last.items.push(item);
    // Clocks that were wrong can bring the same month twice.
    else months.push({ key, time: item.message.sentAt, items: [item] });
  }
  return months;
}
