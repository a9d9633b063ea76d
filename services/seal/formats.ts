/** Names of what is sealed; the first thing that a reader sees of it. */
export const TRANSCRIPT = 'xinyuan-hotline.transcript';
export const BATCH = 'xinyuan-hotline.batch';
export const ZIP = 'xinyuan-hotline.zip';
