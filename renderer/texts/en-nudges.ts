/** A gentle word beside what is being written. */
export const enNudges = {
  abusive: 'Some of these words can hurt. Read it once more; Send sends it all the same.',
  unanswered: 'They have not answered yet. Another message may feel like pressure.',
  'first-link': 'A link in the very first message often looks like spam. A word about yourself may help.',
  about:
    'Hints like this can be switched off in Settings under Privacy. Postcard compares with a short list of words, on this computer only; it can be wrong, and tells nobody.',
  dismiss: 'Hide this hint',
} as const;

/** Read and typing status. */
export const enStatus = {
  typing: 'writing…',
} as const;
