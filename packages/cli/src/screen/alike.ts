/** A count, and no part of a name or of a type as varchar(16). */
const COUNT = /(?<![\w(,.])\d[\d.,]*(?!\w)/g;

/** A text in which a name stands as `*`, with its database and without: what it says of something, whatever that is called. */
export function withoutName(text: string, name: string): string {
  return withoutWord(withoutWord(text, name), name.slice(name.indexOf(".") + 1));
}

function withoutWord(text: string, word: string): string {
  const isInWord = (at: number): boolean => /\w/.test(text.charAt(at));
  return text.replaceAll(word, (_, at: number) =>
    isInWord(at - 1) || isInWord(at + word.length) ? word : "*",
  );
}

/** A text in which each count stands as `#`. */
export function withoutCounts(text: string): string {
  return text.replace(COUNT, "#");
}
