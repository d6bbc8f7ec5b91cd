import type { Json } from '../main/features/reports/canonical.ts';

export function canonicalJson(value: Json): string;

/** What is wrong with an exported report, part by part; nothing: unchanged. Throws what reading the file throws. */
export function verifyZip(path: string): {
  problems: string[];
  facts: {
    whole: string | null;
    about: string | null;
    lost: string[];
    notes: number;
    files: number;
    /** The fingerprint stands for the page, too. */
    pageSealed: boolean;
  };
};

/** The exit code: 0 unchanged, 1 changed, 2 unreadable or used wrongly, 3 unchanged but not complete. */
export function main(
  argv: readonly string[],
  say?: (line: string) => void,
  complain?: (line: string) => void,
): number;
