import { defineStore } from 'pinia';
import { reactive } from 'vue';
import type { MethodName, Params, Result } from '../../../contract/index.ts';
import type { Group } from '../../../contract/groups.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import type { Outcome } from '../../../contract/errors.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import { useToasts } from '../../ui/toasts.ts';

type GroupMethod = Extract<MethodName, `groups.${string}`>;

/** The groups whose conversations were opened in this window, kept as the core says they are. */
export const useGroups = defineStore('groups', () => {
  const byId = reactive(new Map<ConversationId, Group>());
  /** Counts what was asked for each: only the newest answer counts. */
  const asked = new Map<ConversationId, number>();

  async function load(id: ConversationId): Promise<Group | null> {
    const mine = (asked.get(id) ?? 0) + 1;
    asked.set(id, mine);
    const outcome = await ask('groups.get', { id });
    if (outcome.ok && asked.get(id) === mine) byId.set(id, outcome.value);
    return outcome.ok ? outcome.value : null;
  }

  /** What is known of it; asks when nothing is. */
  function of(id: ConversationId): Group | undefined {
    if (!byId.has(id) && !asked.has(id)) void load(id);
    return byId.get(id);
  }

  /** Does it, and says why when it can't be done. */
  async function act<N extends GroupMethod>(name: N, params: Params<N>): Promise<Outcome<Result<N>>> {
    const outcome = await ask(name, params);
    if (!outcome.ok) useToasts().problem(outcome);
    return outcome;
  }

  function start() {
    bridge.on('groups.changed', ({ id }) => {
      if (asked.has(id)) void load(id);
    });
    bridge.on('conversations.reset', () => {
      for (const id of byId.keys()) void load(id);
    });
  }

  /** Signed out: these are somebody else's. */
  function forgetAll() {
    byId.clear();
    asked.clear();
  }

  return { byId, load, of, act, start, forgetAll };
});
