import type { Outcome } from '../../contract/errors.ts';
import type { MethodName, Params, Result } from '../../contract/index.ts';
import { bridge } from './index.ts';

const answers = new Map<string, Promise<Outcome<unknown>>>();
const keyOf = (name: MethodName, params: unknown) => `${name} ${JSON.stringify(params)}`;

/** What may change an answer before anybody listens. */
const news = ['app.changed', 'conversations.changed', 'conversations.reset', 'settings.changed'] as const;
const endings = news.map((name) => bridge.on(name, forget));

function early<N extends MethodName>(name: N, params: Params<N>): void {
  const answer = bridge.call(name, params);
  // Who takes it hears of its failure; nobody may.
  answer.catch(() => undefined);
  answers.set(keyOf(name, params), answer);
}

function forget(): void {
  answers.clear();
}

/** As many as the inbox reads at a time. */
export const conversationPage = 100;

/**
 * Asks what the first screen shows, while the window's script is still on its way. The list comes before the state
 * that decides what is shown, so that the first screen is laid out once, with its rows.
 */
export function askFirst(): void {
  early('conversations.list', { folder: 'inbox', before: null, limit: conversationPage });
  early('app.state', {});
}

/**
 * The answer to a call that was made early, once; undefined when there is none, or when something happened in
 * between that nobody heard.
 */
export function takeFirst<N extends MethodName>(
  name: N,
  params: Params<N>,
): Promise<Outcome<Result<N>>> | undefined {
  if (answers.size === 0) return undefined;
  const key = keyOf(name, params);
  // Kept under the name of its method.
  const answer = answers.get(key) as Promise<Outcome<Result<N>>> | undefined;
  answers.delete(key);
  return answer;
}

/** From here on the stores listen themselves; what they have not taken is asked anew. */
export function endFirst(): void {
  for (const end of endings) end();
  forget();
}
