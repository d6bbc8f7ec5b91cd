import { t } from '../../texts/index.ts';

/** "3 more messages, 2 photos"; '' when there is nothing more. Photos are among the messages. */
export function moreWords(more: { readonly messages: number; readonly photos: number }): string {
  const texts = Math.max(0, more.messages - more.photos);
  const one = texts > 0 ? t('requests.moreMessages', { n: texts }) : '';
  const other = more.photos > 0 ? t('requests.morePhotos', { n: more.photos }) : '';
  return one && other ? t('requests.and', { one, other }) : one || other;
}
