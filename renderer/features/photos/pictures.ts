/**
 * Whether a paste that has a picture in it is meant as text: office programs put a picture of the text beside the
 * text, which then is there with its formatting too. Plain text beside a picture is only its caption.
 */
export const meansText = (types: readonly string[]): boolean =>
  types.includes('text/plain') && (types.includes('text/html') || types.includes('text/rtf'));

/** Whether something that is dragged over the page has files in it (what they are is told only at the drop). */
export const hasFiles = (transfer: DataTransfer | null): boolean =>
  transfer?.types.includes('Files') ?? false;

/** `items` with the one at `from` put where `to` is; the same list where either is outside of it. */
export function moved<T>(items: readonly T[], from: number, to: number): readonly T[] {
  const item = items[from];
  if (item === undefined || to < 0 || to >= items.length || from === to) return items;
  const rest = items.toSpliced(from, 1);
  return rest.toSpliced(to, 0, item);
}
