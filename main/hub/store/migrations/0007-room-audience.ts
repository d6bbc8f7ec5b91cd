/** What is told to a room's moderators alone stays so in its archive. */
export const roomAudience = `
ALTER TABLE room_archive ADD COLUMN moderators INTEGER NOT NULL DEFAULT 0;
`;
