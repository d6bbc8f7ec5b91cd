import { defineStore } from 'pinia';
import { reactive } from 'vue';
import type { AttachmentId } from '../../../contract/ids.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import { useToasts } from '../../ui/toasts.ts';

/** How far the downloads under way have come. */
export const useTransfers = defineStore('transfers', () => {
  const shares = reactive(new Map<AttachmentId, number>());
  bridge.on('attachments.progress', ({ id, received, total }) => {
    if (total !== null && total > 0) shares.set(id, Math.min(1, received / total));
  });
  /** 0 to 1; 0 where it is not known. */
  const shareOf = (id: AttachmentId): number => shares.get(id) ?? 0;

  async function cancel(id: AttachmentId) {
    const outcome = await ask('attachments.cancel', { id });
    if (!outcome.ok) useToasts().problem(outcome);
  }
  return { shareOf, cancel };
});
