import { stringify } from "yaml";
import type { DatabaseKind } from "@firebreak/archive";

/** The URL of a database, and the way that the settings give it to the commands. */
export interface UrlAnswer {
  readonly kind: DatabaseKind;
  readonly keep:
    | { readonly as: "url"; readonly url: string }
    /** A file that the person made has it. */
    | { readonly as: "file"; readonly file: string }
    /** The URL has a password, so a file that only its owner can read is made for it. */
    | { readonly as: "new-file"; readonly url: string };
}

/** The answers of a person about their databases and their archive. Paths are absolute. */
export interface Answers {
  readonly source: "mongodb" | "mysql" | "dump";
  readonly dump: string | undefined;
  readonly urls: readonly UrlAnswer[];
  readonly archive: string;
  readonly include: readonly string[];
  readonly recipients: readonly string[];
}

/** A file to write. */
export interface SettingsFile {
  readonly path: string;
  readonly text: string;
  /** True if nobody but its owner may read it. */
  readonly isSecret: boolean;
}

/** Returns the path of the file for a URL with a password: `firebreak.mysql-url` beside `firebreak.yaml`. */
export function urlFile(settingsFile: string, kind: DatabaseKind): string {
  return `${settingsFile.replace(/\.ya?ml$/, "")}.${kind}-url`;
}

/**
 * Returns the files that the answers become, the settings file last. No URL with a password is in it.
 *
 * @param schema the path of the JSON Schema, for editors; undefined if it is not on this machine.
 */
export function settingsFiles(answers: Answers, file: string, schema: string | undefined): SettingsFile[] {
  const { source, dump, urls, archive, include, recipients } = answers;
  const secrets = urls.flatMap(({ kind, keep }) =>
    keep.as === "new-file" ? [{ path: urlFile(file, kind), text: `${keep.url}\n`, isSecret: true }] : [],
  );
  const settings = {
    source,
    ...(dump === undefined ? {} : { dump }),
    ...Object.fromEntries(urls.map((answer) => urlSetting(answer, file))),
    archive,
    ...(include.length === 0 ? {} : { include }),
    ...(recipients.length === 0 ? {} : { recipient: recipients }),
  };
  // Editors read the path up to the first space.
  const head = schema === undefined || /\s/.test(schema) ? "" : `# yaml-language-server: $schema=${schema}\n`;
  return [...secrets, { path: file, text: `${head}${stringify(settings)}`, isSecret: false }];
}

function urlSetting({ kind, keep }: UrlAnswer, file: string): [name: string, value: string] {
  switch (keep.as) {
    case "url":
      return [`${kind}-url`, keep.url];
    case "file":
      return [`${kind}-url-file`, keep.file];
    case "new-file":
      return [`${kind}-url-file`, urlFile(file, kind)];
  }
}
