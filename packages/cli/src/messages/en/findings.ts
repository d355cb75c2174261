import { withoutCounts, withoutName } from "../../screen/alike.ts";
import { shardStem } from "../../screen/fold-shards.ts";
import { foldedNames } from "../../screen/folded-names.ts";
import type { AlikeWords } from "../screen-texts.ts";

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
