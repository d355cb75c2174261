/** Matches a count, but no number in a name or in a type such as varchar(16). */
const COUNT = /(?<![\w(,.])\d[\d.,]*(?!\w)/g;

/** Replaces a name in a text by `*`, with or without its database, so that texts about other names match. */
export function withoutName(text: string, name: string): string {
  return withoutWord(withoutWord(text, name), name.slice(name.indexOf(".") + 1));
}

function withoutWord(text: string, word: string): string {
  const isInWord = (at: number): boolean => /\w/.test(text.charAt(at));
  return text.replaceAll(word, (_, at: number) =>
    isInWord(at - 1) || isInWord(at + word.length) ? word : "*",
  );
}

/** Replaces each count in a text by `#`. */
export function withoutCounts(text: string): string {
  return text.replace(COUNT, "#");
}
