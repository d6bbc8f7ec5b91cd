/**
 * Lets what depends on an answer wait for it: `upToDate` resolves at once while nothing is asked, else when the
 * newest question has been answered or given up.
 */
export interface AnswerGate {
  asked(): void;
  settled(): void;
  upToDate(): Promise<void>;
}

export function createAnswerGate(): AnswerGate {
  let waiting: { readonly promise: Promise<void>; readonly resolve: () => void } | null = null;
  return {
    asked: () => {
      waiting ??= Promise.withResolvers<void>();
    },
    settled: () => {
      waiting?.resolve();
      waiting = null;
    },
    upToDate: () => waiting?.promise ?? Promise.resolve(),
  };
}
