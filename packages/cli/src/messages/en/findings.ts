import { withoutCounts, withoutName, shardStem, foldedNames } from "../../screen/fold-shards.ts";
import type { AlikeWords } from "../language.ts";
import type { NameProblem } from "@firebreak/mongodb";
import type { MysqlNameProblem } from "@firebreak/mysql";

/** The least number of similar findings that share one text. */
const FEWEST_ALIKE = 4;

const count = (value: number): string => value.toLocaleString("en-US");

/** The lines that name tables for which a printed text holds too, in English. */
export const alikeWords: AlikeWords = {
  same: (names, found, haveOtherCounts) =>
    `The same holds${haveOtherCounts ? ", with other counts," : ""} for ${count(found)} more: ${names}`,
  differences: (names, found, { missing, extra, changed }) =>
    `${count(found)} more differ likewise, in all ${count(missing)} missing, ${count(extra)} extra, ${count(changed)} changed: ${names}`,
};

/**
 * Returns findings as the lines of a list. If findings say the same of many tables or collections, the list
 * has the first finding, and the names from the others.
 */
export function findingLines<F extends object>(
  findings: readonly F[],
  textOf: (finding: F) => string,
): string {
  const told = findings.map((finding) => {
    const [text, name] = [textOf(finding), nameOf(finding)];
    return { text, name, saying: name === undefined ? text : withoutName(text, name) };
  });
  const groups = Map.groupBy(told, ({ name, saying }) =>
    JSON.stringify([name && (shardStem(name) ?? ""), withoutCounts(saying)]),
  );
  const lines = [...groups.values()].flatMap((group) => {
    const texts = group.map(({ text }) => `  - ${text}`);
    const names = group.flatMap(({ name }) => name ?? []);
    if (names.length < FEWEST_ALIKE) return texts;
    const haveOtherCounts = new Set(group.map(({ saying }) => saying)).size > 1;
    return [
      texts[0]!,
      `    ${alikeWords.same(foldedNames(names.slice(1)), names.length - 1, haveOtherCounts)}`,
    ];
  });
  return lines.join("\n");
}

/** Returns the name of the object that a finding is about, if it has one. */
function nameOf(finding: object): string | undefined {
  const fields: Readonly<Record<string, unknown>> = { ...finding };
  const name = fields["table"] ?? fields["namespace"] ?? fields["name"];
  return typeof name === "string" && name !== "" ? name : undefined;
}

/** Describes a name that no MongoDB accepts, as part of a sentence. */
export function mongodbNameText(why: NameProblem): string {
  switch (why) {
    case "database-letters":
      return 'database whose name is empty or has one of / \\ . " $ or a space';
    case "database-long":
      return "database whose name is longer than 63 bytes";
    case "collection-letters":
      return "collection whose name is empty, begins with a dot, or has a $ or .system. in it";
    case "namespace-long":
      return "database and collection whose names are longer than 255 bytes together";
  }
}

/** Describes a database name that MySQL or MariaDB does not accept, or does not keep unchanged. */
export function mysqlNameText(why: MysqlNameProblem): string {
  switch (why) {
    case "empty":
      return "is empty";
    case "long":
      return "is longer than 64 letters";
    case "space":
      return "ends in a space";
    case "nul":
      return "has a NUL in it";
    case "four-bytes":
      return "has an emoji, or another letter of four bytes in UTF-8";
    case "prefix":
      return "begins with #mysql50#, which means another name to a server";
  }
}
