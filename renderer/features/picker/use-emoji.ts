import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { useAccountSettings } from '../privacy/account-settings.ts';
import { loadEmoji } from './emoji-data.ts';
import { toned, tones, type Emoji, type Tone } from './emoji.ts';

/** How many are remembered as recently used: four rows. */
const mostRecent = 36;
/** ms after the last choice until the account is told which were used. */
const settleMs = 1_500;

/** The emoji there are, and how this account uses them: which ones last, in which skin tone. */
export const useEmoji = defineStore('emoji', () => {
  const settings = useAccountSettings();
  const all = shallowRef<readonly Emoji[]>([]);
  /** Of those that are newer than the bundled font. */
  const names = shallowRef<ReadonlyMap<string, string>>(new Map());
  const failed = ref(false);
  /** Used since the account was told, newest first. */
  const fresh = ref<readonly string[]>([]);
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** By every form they have. */
  const byText = computed(
    () =>
      new Map(
        all.value.flatMap((emoji) => [
          [emoji.text, emoji],
          ...emoji.variants.map(({ text }) => [text, emoji] as const),
        ]),
      ),
  );
  const tone = computed<Tone>(() => tones.find((one) => one === settings.current?.emojiTone) ?? 0);
  const recents = computed(() => {
    const stored = settings.current?.recentEmoji.split(' ').filter(Boolean) ?? [];
    return [...new Set([...fresh.value, ...stored])].slice(0, mostRecent);
  });

  async function load() {
    failed.value = false;
    try {
      const known = await loadEmoji();
      names.value = known.names;
      all.value = known.offered;
    } catch (error) {
      console.warn('the emoji are not there', error);
      failed.value = true;
    }
  }

  /** One was chosen, in this very form. */
  function used(text: string) {
    fresh.value = [...new Set([text, ...fresh.value])].slice(0, mostRecent);
    clearTimeout(timer);
    timer = setTimeout(() => void save(), settleMs);
  }

  async function save() {
    clearTimeout(timer);
    if (fresh.value.length === 0) return;
    const recentEmoji = recents.value.join(' ');
    await settings.set({ recentEmoji });
    // What could not be stored stays here, and goes along with the next one.
    if (settings.current?.recentEmoji === recentEmoji) fresh.value = [];
  }

  const chooseTone = (of: Tone) => settings.set({ emojiTone: of });
  /** As this account has it: in its skin tone. */
  const own = (emoji: Emoji) => toned(emoji, tone.value);
  /** What an emoji is called, in the form in which it stands; null for what is not known. */
  function nameOf(text: string): string | null {
    const emoji = byText.value.get(text);
    return (
      emoji?.variants.find((variant) => variant.text === text)?.name ??
      emoji?.name ??
      names.value.get(text) ??
      null
    );
  }

  return { all, failed, byText, tone, recents, load, used, save, chooseTone, own, nameOf };
});
