import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { CheckedLink } from '../../contract/links.ts';
import { ask } from '../ask.ts';
import { openExternal } from './external.ts';
import { useToasts } from './toasts.ts';

/** Every link from somebody passes here: judged by the core, then opened or asked about. */
export const useLinkGate = defineStore('link-gate', () => {
  /** The link that is being asked about. */
  const asked = ref<CheckedLink | null>(null);

  const inside: { which: RegExp; show: (url: string) => void }[] = [];
  /** Addresses like these are shown in the app. */
  const handle = (which: RegExp, show: (url: string) => void) => void inside.push({ which, show });

  /** `text`: what stands in the link's place. */
  async function follow(url: string, text: string) {
    const own = inside.find(({ which }) => which.test(url));
    if (own) return own.show(url);
    const outcome = await ask('links.check', { url, text });
    if (!outcome.ok) return useToasts().problem(outcome);
    if (outcome.value.trusted) await openExternal(outcome.value.url);
    else asked.value = outcome.value;
  }

  async function open(trust: boolean) {
    const link = asked.value;
    asked.value = null;
    if (link === null || link.url === '') return;
    if (trust) await ask('links.trust', { owner: link.owner, trusted: true });
    await openExternal(link.url);
  }

  return { asked, handle, follow, open, cancel: () => void (asked.value = null) };
});
