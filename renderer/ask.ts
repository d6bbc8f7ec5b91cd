import { ref } from 'vue';
import type { MethodName, Params, Result } from '../contract/index.ts';
import type { Outcome } from '../contract/errors.ts';
import { takeFirst } from './bridge/first-calls.ts';
import { bridge, onHostLost } from './bridge/index.ts';
import { idle } from './ui/idle.ts';

/** Whether the app behind this window can be reached at all. */
export const hostAnswers = ref(true);
onHostLost((lost) => (hostAnswers.value = !lost));

/**
 * Calls a method of the core. Never rejects: a call that could not be answered at all is `no-answer`, so that
 * every caller has one kind of failure to show.
 */
export async function ask<N extends MethodName>(name: N, params: Params<N>): Promise<Outcome<Result<N>>> {
  try {
    return await (takeFirst(name, params) ?? bridge.call(name, params));
  } catch (error) {
    console.error(`${name} was not answered`, error);
    return { ok: false, code: 'no-answer', detail: {} };
  }
}

/** ms until it is asked for, however busy the page is. */
const patience = 200;

/** As `ask`, once nothing else is to be done: for what a screen has beside what it was opened for. */
export async function askAside<N extends MethodName>(
  name: N,
  params: Params<N>,
): Promise<Outcome<Result<N>>> {
  await idle(patience);
  return ask(name, params);
}
