/** Names that Windows keeps for devices, whatever their extension. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)$/i;
/** UTF-8 bytes; file systems take 255, and a number may be added. */
const MAX_BYTES = 200;

/**
 * A name as a file of it may be called on every system: no path, nothing invisible, no direction that is turned
 * around, nothing that a system keeps for itself.
 */
export function safeName(name: string, fallback: string): string {
  const shown = name
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[/\\:*?"<>|]/g, '_')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  const { stem, extension } = parts(shown);
  const short = cut(stem, MAX_BYTES - Buffer.byteLength(extension));
  if (short === '') return fallback;
  return (DEVICES.test(short.split('.')[0] ?? '') ? `_${short}` : short) + extension;
}

/** Makes names different from each other, also for systems that do not tell capitals apart: `a.jpg`, `a (2).jpg`. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const { stem, extension } = parts(name);
    let candidate = name;
    for (let number = 2; taken.has(candidate.normalize('NFC').toLowerCase()); number += 1)
      candidate = `${stem} (${number})${extension}`;
    taken.add(candidate.normalize('NFC').toLowerCase());
    return candidate;
  });
}

function parts(name: string): { stem: string; extension: string } {
  const [extension = ''] = /\.[a-z0-9]{1,10}$/i.exec(name) ?? [];
  return extension.length === name.length
    ? { stem: name, extension: '' }
    : { stem: name.slice(0, name.length - extension.length), extension };
}

function cut(text: string, bytes: number): string {
  let length = 0;
  let kept = '';
  for (const character of text) {
    length += Buffer.byteLength(character);
    if (length > bytes) break;
    kept += character;
  }
  return kept.trimEnd();
}
