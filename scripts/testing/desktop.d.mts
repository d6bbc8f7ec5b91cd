/** What the specs of notifications, tray and key store lack here; null when nothing. */
export function desktopObstacle(): string | null;
