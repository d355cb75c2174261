import { DATABASE_KINDS } from "@firebreak/archive";
import type { GivenArguments } from "@firebreak/plan";
import { withoutSecret } from "./database-urls.ts";
import { variableOf } from "./environment.ts";
import type { Settings } from "./settings.ts";

/** Returns the arguments of a plan that the commands of its checklist repeat. Paths are absolute. */
export function givenArguments(settings: Settings): GivenArguments {
  const texts = (name: string): string[] => {
    const value = settings.text(name);
    return value === undefined ? [] : [`--${name}`, value];
  };
  const paths = (name: string): string[] => {
    const value = settings.path(name);
    return value === undefined ? [] : [`--${name}`, value];
  };
  const lists = (name: string): string[] => settings.list(name).flatMap((value) => [`--${name}`, value]);
  const watchSeconds = settings.count("watch");
  const jobs = settings.whole("jobs");
  const site = [...lists("profile-option"), ...paths("site")];
  return {
    everywhere: [...paths("config"), ...(jobs === undefined ? [] : ["--jobs", String(jobs)])],
    rehearse: paths("work"),
    plan: [
      ...paths("work"),
      ...(watchSeconds === undefined ? [] : ["--watch", String(watchSeconds)]),
      ...texts("survey"),
      ...texts("probe"),
    ],
    filter: [...lists("include"), ...lists("exclude")],
    profile: [...texts("profile"), ...site, ...paths("target-facts")],
    site,
  };
}

/** A variable that commands of a checklist need, with its value. */
export interface UrlVariable {
  readonly name: string;
  readonly value: string;
}

/**
 * Returns the variables that give both URLs to later commands. A password is left out, and `?` in its place has each
 * command ask for it. A file that has a URL is named instead.
 *
 * @throws {FirebreakError} as `urlOf` does.
 */
export async function urlVariables(settings: Settings): Promise<UrlVariable[]> {
  const urls = { mongodb: await settings.mongodbUrl, mysql: await settings.mysqlUrl };
  return DATABASE_KINDS.map((kind) => {
    const file = settings.urls.fileOf(kind);
    return file === undefined
      ? { name: variableOf(`${kind}-url`), value: withoutSecret(urls[kind]) }
      : { name: variableOf(`${kind}-url-file`), value: file };
  });
}
