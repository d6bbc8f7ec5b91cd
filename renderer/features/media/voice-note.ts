import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { ConversationId } from '../../../contract/ids.ts';

/** Where a voice note is being recorded; null: nowhere. */
export const useVoiceNote = defineStore('voice-note', () => {
  const conversationId = ref<ConversationId | null>(null);
  return { conversationId };
});
