/** When a mute ends by itself, Unix ms; null while a moderator has to end it, and of who is not muted. */
export const muteEnds = `
ALTER TABLE room_person ADD COLUMN muted_until INTEGER;
CREATE INDEX room_person_muted ON room_person (muted_until) WHERE muted_until IS NOT NULL;
`;
