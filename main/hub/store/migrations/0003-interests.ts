/** People are found by their interests too: one a line. */
export const interests = `
ALTER TABLE directory ADD COLUMN interests TEXT NOT NULL DEFAULT '';
`;
