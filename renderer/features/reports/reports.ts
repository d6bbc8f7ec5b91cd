import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { MessageId } from '../../../contract/ids.ts';
import { MAX_CONTEXT, type ReportPreview, type ReportReason } from '../../../contract/reports.ts';
import { ask } from '../../ask.ts';
import { t } from '../../texts/index.ts';
import { useToasts } from '../../ui/toasts.ts';

/** Who or what is to be reported. */
export interface ReportTarget {
  readonly address: string;
  readonly messageId?: MessageId;
}

/** Messages of context: widened and narrowed by one of these steps. */
const STEPS = [0, 2, 5, 10, 20, 50, 100, MAX_CONTEXT];
const step = (now: number, by: 1 | -1): number => STEPS[STEPS.indexOf(now) + by] ?? now;

/** The dialog in which something is reported: what would be kept, and what was chosen. */
export const useReports = defineStore('reports', () => {
  const target = ref<ReportTarget | null>(null);
  const preview = shallowRef<ReportPreview | null>(null);
  const before = ref(5);
  const after = ref(5);
  const busy = ref(false);
  let token = '';
  let asked = 0;

  const reach = computed(() => ({
    moreBefore: (preview.value?.hasBefore ?? false) && before.value < MAX_CONTEXT,
    fewerBefore: before.value > 0 && shownBefore.value > 0,
    moreAfter: (preview.value?.hasAfter ?? false) && after.value < MAX_CONTEXT,
    fewerAfter: after.value > 0 && shownAfter.value > 0,
  }));
  const place = computed(() => preview.value?.messages.findIndex((m) => m.reported) ?? -1);
  const shownBefore = computed(() => (place.value < 0 ? (preview.value?.messages.length ?? 0) : place.value));
  const shownAfter = computed(() =>
    place.value < 0 ? 0 : (preview.value?.messages.length ?? 0) - place.value - 1,
  );

  async function open(what: ReportTarget) {
    target.value = what;
    preview.value = null;
    before.value = what.messageId === undefined ? 10 : 5;
    after.value = what.messageId === undefined ? 0 : 5;
    token = crypto.randomUUID();
    busy.value = false;
    await look();
  }

  /** Of several answers the one to the last question counts. */
  async function look() {
    const what = target.value;
    if (!what) return;
    const mine = (asked += 1);
    const outcome = await ask('reports.prepare', {
      address: what.address,
      messageId: what.messageId ?? null,
      before: before.value,
      after: after.value,
    });
    if (mine !== asked || target.value !== what) return;
    if (outcome.ok) preview.value = outcome.value;
    else {
      close();
      useToasts().problem(outcome);
    }
  }

  async function widen(side: 'before' | 'after', by: 1 | -1) {
    const side_ = side === 'before' ? before : after;
    // Fewer than are shown, where there are not as many as were asked for.
    const shown = side === 'before' ? shownBefore.value : shownAfter.value;
    let next = step(side_.value, by);
    while (by < 0 && next > 0 && next >= shown) next = step(next, by);
    side_.value = next;
    await look();
  }

  /** False when it could not be kept: the dialog stays, with all that was written. */
  async function submit(chosen: {
    reason: ReportReason;
    details: string;
    files: boolean;
    profile: boolean;
    send: boolean;
    block: boolean;
  }): Promise<boolean> {
    const [what, seen] = [target.value, preview.value];
    if (!what || !seen || busy.value) return false;
    busy.value = true;
    const outcome = await ask('reports.create', {
      ...chosen,
      token,
      address: what.address,
      messageId: what.messageId ?? null,
      messages: seen.messages.map(({ id }) => id),
    });
    busy.value = false;
    if (!outcome.ok) {
      useToasts().problem(outcome);
      return false;
    }
    close();
    useToasts().note(t('reports.done'));
    return true;
  }

  function close() {
    target.value = null;
    preview.value = null;
  }

  return { target, preview, reach, busy, open, widen, submit, close };
});
