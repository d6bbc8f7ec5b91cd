/**
 * A bug's class, code and stack frames. Its message is left out: what it quotes (a text, a stanza, a password in
 * a URL) is not known here, and the log may be sent to somebody.
 */
export function describeBug(error: unknown): string {
  if (!(error instanceof Error)) return `threw a ${typeof error}`;
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return `${error.name}${code}\n${frames.slice(0, 12).join('\n')}`;
}
