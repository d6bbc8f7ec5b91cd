import { onBeforeUnmount, watch } from 'vue';
import type { Conversation } from '../../../contract/conversations.ts';
import { useTimeline } from '../conversation/timeline.ts';

/** ms that the list has to rest: while it is scrolled, or messages pour in, nothing is read for it. */
const restMs = 250;

/**
 * Reads the last messages of the conversations in view while nothing else is to be done, one after the other, so that
 * a click shows them in its own frame.
 */
export function useReadingAhead(inView: () => readonly Conversation[]): void {
  const timeline = useTimeline();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let run = 0;

  async function readAhead(mine: number) {
    for (const { id, unread, firstUnread } of inView()) {
      if (mine !== run) return;
      await timeline.readAhead(id, unread > 0 ? firstUnread : null);
    }
  }
  const rest = () => {
    clearTimeout(timer);
    run += 1;
    timer = setTimeout(() => void readAhead(run), restMs);
  };
  watch(inView, rest, { immediate: true });
  onBeforeUnmount(() => {
    clearTimeout(timer);
    run += 1;
  });
}
