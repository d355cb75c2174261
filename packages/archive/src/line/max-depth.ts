/**
 * The most levels of a document in text. Deeper documents become raw lines: servers stop at 180, and a
 * reader's stack must not be the limit.
 */
export const MAX_DEPTH = 200;
