import { computed } from 'vue';
import { t } from '../../texts/index.ts';

/** What every message says, looked up once: a look-up costs some 20 µs, and a screenful has a hundred of them. */
export const words = computed(() => ({
  you: t('conversation.you'),
  actions: t('message.actions'),
  unsent: t('changes.unsent'),
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
