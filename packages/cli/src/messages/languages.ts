import type { Profiles } from "../profiles.ts";
import { LANGUAGE_CODES, type LanguageCode } from "./codes.ts";
import { english } from "./en/english.ts";
import type { Language } from "./language.ts";

/** The texts of each language. The next language is a folder beside `en`, its code, and a line here. */
const LANGUAGES: Readonly<Record<LanguageCode, Language>> = { en: english };

/** Returns the language with this code, or English, with the sections of profiles. */
export function chosenLanguage(said: string | undefined, profiles: Profiles): Language {
  const code = LANGUAGE_CODES.find((known) => known === said) ?? "en";
  const language = LANGUAGES[code];
  const sections = profiles.map(({ name, texts }) => [name, texts[code](language.phrases)] as const);
  return { ...language, profiles: Object.fromEntries(sections) };
}
