import { closest, distance } from "fastest-levenshtein";

/**
 * Returns the word that a misspelt one most likely stands for: the nearest by edits. Returns undefined if more
 * than half of its letters would have to change.
 */
export function nearestWord(word: string, words: readonly string[]): string | undefined {
  if (words.length === 0) return undefined;
  const nearest = closest(word, words);
  return distance(word, nearest) <= word.length / 2 ? nearest : undefined;
}
