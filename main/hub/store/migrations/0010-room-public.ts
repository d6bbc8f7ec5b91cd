/** A page of a large room's archive says how many messages there are: members' ones are counted in the index alone. */
export const roomPublic = `
CREATE INDEX room_archive_public ON room_archive (room, id) WHERE moderators = 0;
`;
