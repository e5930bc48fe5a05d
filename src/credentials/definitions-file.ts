/** The name of the file at a workspace folder's root that proposes credentials (contracts.md §3). */
export const definitionsFileName = 'countersign.json';
