import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { AttachmentId, ConversationId, MessageId } from '../../../contract/ids.ts';
import type { Params } from '../../../contract/index.ts';
import type {
  AllStickers,
  PackPreview,
  Sticker,
  StickerPack,
  StickerPackId,
} from '../../../contract/stickers.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import { fileSource } from '../../bridge/stage.ts';
import { t, type Problem } from '../../texts/index.ts';
import { useLinkGate } from '../../ui/link-gate.ts';
import { useToasts } from '../../ui/toasts.ts';

export type PackPlace = Params<'stickers.preview'>['place'];
/** What is shown over the window. */
export type StickerDialog =
  | { readonly kind: 'manage' }
  | { readonly kind: 'pack'; readonly id: StickerPackId }
  | { readonly kind: 'make'; readonly packId: StickerPackId | null; readonly attachment: AttachmentId | null }
  | { readonly kind: 'preview'; readonly place: PackPlace };

/** What a sticker is called: by its author's words, else by what stands in for it. */
export const nameOf = ({ description, emoji }: Pick<Sticker, 'description' | 'emoji'>): string =>
  description || emoji || t('stickers.sticker');

/** My sticker packs, and what is done with them. */
export const useStickers = defineStore('stickers', () => {
  const all = shallowRef<AllStickers | null>(null);
  const problem = ref<Problem | null>(null);
  const dialog = shallowRef<StickerDialog | null>(null);
  /** Where stickers were last chosen for. */
  const conversation = ref<ConversationId | null>(null);
  const toasts = useToasts();

  async function load() {
    const outcome = await ask('stickers.all', {});
    problem.value = outcome.ok ? null : outcome;
    if (outcome.ok) all.value = outcome.value;
  }
  function start() {
    // Before anybody has looked at stickers there is nothing to keep up to date.
    bridge.on('stickers.changed', () => void (all.value !== null && load()));
    useLinkGate().handle(/^xmpp:[^?]*\?pubsub;/i, (uri) =>
      open({ kind: 'preview', place: { kind: 'link', uri } }),
    );
  }

  /** Says what went wrong; null then. */
  async function told<T>(
    asking: Promise<{ ok: true; value: T } | ({ ok: false } & Problem)>,
  ): Promise<T | null> {
    const outcome = await asking;
    if (outcome.ok) return outcome.value;
    toasts.problem(outcome);
    return null;
  }

  const packOf = (id: StickerPackId): StickerPack | null =>
    all.value?.packs.find((one) => one.id === id) ?? null;

  async function send(conversationId: ConversationId, { id }: Sticker): Promise<boolean> {
    return (await told(ask('stickers.send', { conversationId, id }))) !== null;
  }
  async function arrange(ids: readonly StickerPackId[]) {
    const before = all.value;
    if (before === null) return;
    const packs = ids.flatMap((id) => packOf(id) ?? []);
    all.value = { ...before, packs };
    const outcome = await ask('stickers.arrange', { ids: [...ids] });
    if (outcome.ok) return;
    all.value = before;
    toasts.problem(outcome);
  }
  async function remove({ id, name }: StickerPack) {
    const outcome = await ask('stickers.removePack', { id });
    if (outcome.ok) toasts.note(t('stickers.removed', { name }), () => void restore(id));
    else toasts.problem(outcome);
  }
  const restore = (id: StickerPackId) => told(ask('stickers.restorePack', { id }));
  const create = (name: string) => told(ask('stickers.createPack', { name }));
  const edit = (params: Params<'stickers.editPack'>) => told(ask('stickers.editPack', params));
  const share = (id: StickerPackId, shared: boolean) => told(ask('stickers.share', { id, shared }));

  /** Into the conversation that stickers were last chosen for. */
  async function sendLink(text: string) {
    const conversationId = conversation.value;
    if (conversationId === null) return;
    const sent = await told(ask('messages.send', { conversationId, text, anyway: true }));
    if (sent) toasts.note(t('stickers.linkSent'));
  }

  /** The square of a picture that is worked on; its SHA-256. */
  async function cut(
    picture: File | AttachmentId,
    crop: Params<'stickers.cut'>['crop'],
  ): Promise<string | null> {
    const from =
      typeof picture === 'number'
        ? ({ kind: 'attachment', id: picture } as const)
        : ({ kind: 'file', source: await fileSource(picture) } as const);
    return (await told(ask('stickers.cut', { picture: from, crop })))?.sha256 ?? null;
  }
  async function make(drawn: Blob, o: { packId: StickerPackId; emoji: string; description: string }) {
    const source = await fileSource(new File([drawn], 'sticker.png', { type: 'image/png' }));
    return told(ask('stickers.make', { ...o, source }));
  }

  async function keep(id: MessageId) {
    const packName = t('stickers.keptPack');
    const outcome = await ask('stickers.keep', { id, packName });
    if (outcome.ok) toasts.note(t('stickers.kept', { name: packName }));
    else toasts.problem(outcome);
  }
  const preview = (place: PackPlace) => ask('stickers.preview', { place });
  async function addPack(place: PackPlace, { name }: PackPreview): Promise<Problem | null> {
    const outcome = await ask('stickers.addPack', { place });
    if (outcome.ok) toasts.note(t('stickers.added', { name }));
    return outcome.ok ? null : outcome;
  }

  /** Nothing of an account is left in the window once it has been signed out. */
  function forgetAll() {
    all.value = null;
    dialog.value = null;
    conversation.value = null;
  }

  const open = (next: StickerDialog) => void (dialog.value = next);
  const close = () => void (dialog.value = null);
  return {
    all,
    problem,
    dialog,
    conversation,
    start,
    load,
    packOf,
    send,
    arrange,
    remove,
    restore,
    create,
    edit,
    share,
    sendLink,
    cut,
    make,
    keep,
    preview,
    addPack,
    forgetAll,
    open,
    close,
  };
});
