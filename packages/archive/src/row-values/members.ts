import { toByteText } from "../line/byte-text.ts";
import type { SourceColumn } from "../source-table.ts";

/** Whether two names may be one to some collation: without accents, case and width. It may say so of more than are. */
const ALIKE = new Intl.Collator("und", { sensitivity: "base" });

/**
 * The names of an ENUM's or SET's members, in their order, as its type has them:
 * apostrophes doubled, and backslashes too. In the place of a character beyond the
 * Basic Multilingual Plane it has a question mark (MySQL 9.7 and MariaDB 10.11, tried).
 */
export function membersOf(sqlType: string): string[] {
  const names = [...sqlType.matchAll(/'((?:[^']|'')*)'/g)].map(([, name]) => name!);
  return names.map((name) => name.replaceAll("''", "'").replaceAll("\\\\", "\\"));
}

/**
 * Whether two values of a column have the same text, so that a text does not say
 * which it is. Where '' is a member, it is also the text of an ENUM's error value
 * 0 and of an empty SET (manual, 13.3.6 and 13.3.7). And of members that a
 * collation takes for one, which a session without strict mode may create, a
 * text means the first.
 */
export function needsNumbers({ dataType, sqlType }: Pick<SourceColumn, "dataType" | "sqlType">): boolean {
  if (!/^(?:enum|set)$/i.test(dataType)) return false;
  const members = membersOf(sqlType);
  if (members.includes("")) return true;
  const sorted = members.toSorted(ALIKE.compare);
  return sorted.some((name, i) => i > 0 && ALIKE.compare(sorted[i - 1]!, name) === 0);
}

interface Members {
  /** Byte text. */
  readonly names: ReadonlySet<string>;
  readonly highest: bigint;
}

const KNOWN = new Map<string, Members>();

/** The largest number of a column's values: of an ENUM the last member's, of a SET that of all bits. */
export function highestNumber(column: Pick<SourceColumn, "dataType" | "sqlType">): bigint {
  return knownMembers(column).highest;
}

/** Whether a text, in byte text, is the name of an ENUM's member. */
export function isMember(column: Pick<SourceColumn, "dataType" | "sqlType">, text: string): boolean {
  return knownMembers(column).names.has(text);
}

function knownMembers({ dataType, sqlType }: Pick<SourceColumn, "dataType" | "sqlType">): Members {
  let members = KNOWN.get(sqlType);
  if (members === undefined) {
    const names = membersOf(sqlType);
    const count = BigInt(names.length);
    const highest = dataType.toLowerCase() === "set" ? (1n << count) - 1n : count;
    members = { names: new Set(names.map(toByteText)), highest };
    KNOWN.set(sqlType, members);
  }
  return members;
}
