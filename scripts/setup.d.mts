/** The project's folder, absolute. */
export const root: string;
/** A failure that a person can do something about: its message is printed as it is, without a stack. */
export class SetupError extends Error {}
/** Installs the packages when they are missing or older than the lock file. Throws SetupError. */
export function ensureDependencies(say?: (line: string) => void): Promise<void>;
/** Builds when a part of `out/` is missing or older than a source. Throws SetupError. */
export function ensureBuilt(say?: (line: string) => void): Promise<void>;
/** The Node that Postcard runs on. Throws SetupError. */
export function nodePath(): string;
/** The environment for programs of ours: the Node above comes first on PATH. */
export function environment(): NodeJS.ProcessEnv;
/** Whether a program is there and starts. */
export function works(command: string, args?: readonly string[]): boolean;
