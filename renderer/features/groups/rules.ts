import type { GroupPolicy } from '../../../contract/groups.ts';
import { t } from '../../texts/index.ts';

/** Seconds between two messages that can be chosen. */
export const slowModes = [0, 10, 30, 60, 300, 900, 3600] as const;

export function slowModeWords(seconds: number): string {
  if (seconds === 0) return t('groups.slowModeOff');
  if (seconds < 60) return t('groups.slowModeSeconds', { n: seconds });
  if (seconds < 3600) return t('groups.slowModeMinutes', { n: Math.round(seconds / 60) });
  return t('groups.slowModeHour');
}

/** A policy as it stands in the form: lists as the text in a box, the time of day as its field has it. */
export interface RulesForm {
  guidelines: string;
  slowMode: number;
  invite: boolean;
  media: boolean;
  links: boolean;
  announcementsOnly: boolean;
  approveFirst: boolean;
  heldWords: string;
  daily: boolean;
  /** `HH:MM` */
  dailyAt: string;
  questions: string;
}

const twoDigits = (n: number) => String(n).padStart(2, '0');
const parts = (text: string, by: RegExp) =>
  text
    .split(by)
    .map((part) => part.trim())
    .filter((part) => part !== '');

export function toForm({ membersMay, dailyQuestion: daily, heldWords, ...same }: GroupPolicy): RulesForm {
  const { guidelines, slowMode, announcementsOnly, approveFirst } = same;
  const minute = daily?.minute ?? 9 * 60;
  return {
    ...{ guidelines, slowMode, announcementsOnly, approveFirst, ...membersMay },
    heldWords: heldWords.join(', '),
    daily: daily !== null,
    dailyAt: `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`,
    questions: daily?.questions.join('\n') ?? '',
  };
}

/** The policy that the form says; without questions there is none to ask. */
export function fromForm(form: RulesForm): GroupPolicy {
  const [hour = 9, minute = 0] = form.dailyAt.split(':').map(Number);
  const questions = parts(form.questions, /\n/)
    .map((line) => line.slice(0, 300))
    .slice(0, 100);
  return {
    guidelines: form.guidelines.trim(),
    slowMode: form.slowMode,
    membersMay: { invite: form.invite, media: form.media, links: form.links },
    announcementsOnly: form.announcementsOnly,
    approveFirst: form.approveFirst,
    heldWords: parts(form.heldWords, /[,\n]/)
      .map((word) => word.slice(0, 100))
      .slice(0, 200),
    dailyQuestion: form.daily && questions.length > 0 ? { minute: hour * 60 + minute, questions } : null,
  };
}
