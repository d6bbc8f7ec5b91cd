/** What a photo takes up in the conversation at most, px. */
const widest = 360;
const highest = 420;
/** A photo whose size nobody told. */
const unknown = { width: 320, height: 240 };
const smallest = 96;

/** The box a photo is shown in, px: known before the photo is there, so that nothing moves when it comes. */
export function photoBox(width: number | null, height: number | null): { width: number; height: number } {
  if (!width || !height) return unknown;
  const scale = Math.min(1, widest / width, highest / height);
  return {
    width: Math.max(smallest, Math.round(width * scale)),
    height: Math.max(smallest, Math.round(height * scale)),
  };
}
