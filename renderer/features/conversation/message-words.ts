import { computed } from 'vue';
import type { Message } from '../../../contract/messages.ts';
import { t } from '../../texts/index.ts';

/** What every message says, looked up once: a look-up costs some 20 µs, and a screenful has a hundred of them. */
export const words = computed(() => ({
  you: t('conversation.you'),
  actions: t('message.actions'),
  unsent: t('changes.unsent'),
  deleted: t('changes.deleted'),
  edited: t('changes.edited'),
  states: {
    sending: t('message.states.sending'),
    sent: t('message.states.sent'),
    delivered: t('message.states.delivered'),
    read: t('message.states.read'),
    failed: t('message.states.failed'),
    received: t('message.states.received'),
  },
}));

/** A room keeps it until a moderator has seen it; who wrote it can take it back until then. */
export const waitsForModerator = ({ state, problem }: Message): boolean =>
  state === 'sending' && problem?.code === 'waits-for-moderator';
