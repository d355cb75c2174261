import { LANGUAGE_CODES, type LanguageCode } from "./codes.ts";
import { english } from "./en/english.ts";
import type { Language } from "./language.ts";

/** The texts of each language. The next language is a folder beside `en`, its code, and a line here. */
const LANGUAGES: Readonly<Record<LanguageCode, Language>> = { en: english };

/** Returns the language that `--lang` names, or English. Help and errors need it before flags are parsed. */
export function chosenLanguage(args: readonly string[]): Language {
  const flag = args.findLastIndex((arg) => arg === "--lang" || arg.startsWith("--lang="));
  const said = args[flag]?.split("=")[1] ?? args[flag + 1];
  return LANGUAGES[LANGUAGE_CODES.find((code) => code === said) ?? "en"];
}
