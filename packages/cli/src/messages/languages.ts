import { english } from "./en/english.ts";
import type { Language } from "./language.ts";

/** All languages, by their code. A further one is a folder beside `en`, and a line here. */
const LANGUAGES: Readonly<Record<string, Language>> = { en: english };

export const LANGUAGE_CODES: readonly string[] = Object.keys(LANGUAGES);

/** Returns the language that `--lang` names, or English. Help and errors need it before flags are parsed. */
export function chosenLanguage(args: readonly string[]): Language {
  const flag = args.findLastIndex((arg) => arg === "--lang" || arg.startsWith("--lang="));
  const code = args[flag]?.split("=")[1] ?? args[flag + 1];
  return LANGUAGES[code ?? ""] ?? english;
}
