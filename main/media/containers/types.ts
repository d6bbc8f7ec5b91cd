/** What a container of film or sound says of itself. */
export interface ContainerFacts {
  readonly hasPicture: boolean;
  /** ms; null when it does not say. */
  readonly durationMs: number | null;
  /** px, as shown. */
  readonly width: number | null;
  readonly height: number | null;
}

/** Bytes that take the place of others, as many: `head` first, then zeros. */
export interface Patch {
  readonly offset: number;
  readonly length: number;
  readonly head: Buffer;
}
