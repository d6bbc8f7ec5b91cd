/** Bidi marks and overrides, and other invisible characters that no name needs; joiners are in emoji and scripts. */
const UNSEEN =
  /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e0fff}]/u;

/** The nickname as it is shown, or null when it can't be one: 64 characters at most, nothing invisible. */
export function readNickname(typed: string): string | null {
  const nick = typed.normalize('NFC').trim();
  const fits = nick !== '' && [...nick].length <= 64 && Buffer.byteLength(nick) <= 255;
  return fits && nick.isWellFormed() && !UNSEEN.test(nick) && foldNickname(nick) !== '' ? nick : null;
}

/** What two nicknames that look alike have in common: compatibility forms, case, spaces and joiners don't count. */
export function foldNickname(nick: string): string {
  const folded = nick.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
  return folded.replaceAll(/[\s\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '');
}
