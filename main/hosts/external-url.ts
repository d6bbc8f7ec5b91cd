import { PostcardError } from '../../contract/errors.ts';

const schemes = new Set(['http:', 'https:', 'mailto:']);

/**
 * The only addresses that leave Postcard. Anything else (file:, smb:, a program's own scheme) can start programs.
 * @returns the address as the URL parser writes it: one that a shell or a launcher reads in the same way
 * @throws PostcardError('invalid-argument')
 */
export function externalUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !schemes.has(parsed.protocol))
    throw new PostcardError('invalid-argument', { at: 'url' });
  return parsed.href;
}
