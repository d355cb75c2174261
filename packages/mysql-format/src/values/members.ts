import { toByteText, type SourceColumn } from "@firebreak/archive";

/**
 * Compares names without accents, case and width: equal names may be one name to some collation. It may find
 * more names equal than a collation does.
 */
const ALIKE = new Intl.Collator("und", { sensitivity: "base" });

/**
 * Returns the names of an ENUM's or SET's members, in their order, from its type, which doubles apostrophes
 * and backslashes. For a character beyond the Basic Multilingual Plane the type has a question mark (MySQL
 * 9.7 and MariaDB 10.11, tried).
 */
export function membersOf(sqlType: string): string[] {
  const names = [...sqlType.matchAll(/'((?:[^']|'')*)'/g)].map(([, name]) => name!);
  return names.map((name) => name.replaceAll("''", "'").replaceAll("\\\\", "\\"));
}

/**
 * Returns true if two values of a column have the same text, so that the text does not identify the value. If
 * '' is a member, it is also the text of an ENUM's error value 0 and of an empty SET (manual, 13.3.6 and
 * 13.3.7). A session without strict mode may create members that a collation takes for equal; a text then
 * means the first.
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

/**
 * Returns the largest number of a column's values: for an ENUM that of the last member, for a SET that of all
 * bits.
 */
export function highestNumber(column: Pick<SourceColumn, "dataType" | "sqlType">): bigint {
  return knownMembers(column).highest;
}

/** Returns true if a text, in byte text, is the name of an ENUM's member. */
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
