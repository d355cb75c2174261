import { BSONRegExp, type Document } from "mongodb";
import type { NamespaceFilter } from "@firebreak/archive";
import { timestampOf, type ClusterTime } from "../cluster-time.ts";
import { databaseGlobs, globHalves, isEveryName } from "../glob-halves.ts";

/** A condition that no event meets. */
const NEVER: Document = { operationType: { $in: [] } };

/**
 * Returns the condition of a `$match` stage for the events that concern wanted namespaces, or undefined if
 * all namespaces are wanted. These events pass too: renames to a wanted name, the drop of a database that may
 * have a wanted collection, and the end of a stream, which has no namespace.
 *
 * The server applies the condition to its oplog, before it makes events (since 6.0). It can do so only while
 * the condition uses the fields used here: another field, or an `$exists`, prevents it for the whole stage.
 *
 * @param until the moment after which all events pass.
 */
export function changeFilter(filter: NamespaceFilter, until?: ClusterTime): Document | undefined {
  if (filter.include.length + filter.exclude.length === 0) return undefined;
  return {
    $or: [
      wanted("ns", filter),
      { ...wanted("to", filter), operationType: "rename" },
      { ...wantedDatabase(filter), operationType: "dropDatabase" },
      { operationType: "invalidate" },
      ...(until === undefined ? [] : [{ clusterTime: { $gt: timestampOf(until) } }]),
    ],
  };
}

function wanted(field: "ns" | "to", { include, exclude }: NamespaceFilter): Document {
  const included = include.flatMap(globHalves).map(({ database, collection }) => ({
    ...condition(`${field}.db`, database, nameOf),
    ...condition(`${field}.coll`, collection, nameOf),
  }));
  const excluded = exclude.flatMap(globHalves).map(({ database, collection }) => ({
    ...condition(`${field}.db`, database, nameOf),
    ...condition(`${field}.coll`, collection, expressionOf),
  }));
  return both(include, included, excluded);
}

function wantedDatabase(filter: NamespaceFilter): Document {
  const { include, exclude } = databaseGlobs(filter);
  const each = (globs: readonly string[]): Document[] =>
    globs.map((database) => condition("ns.db", database, nameOf));
  return both(filter.include, each(include), each(exclude));
}

function both(
  include: readonly string[],
  included: readonly Document[],
  excluded: readonly Document[],
): Document {
  return {
    ...(include.length === 0 ? {} : { $or: included.length === 0 ? [NEVER] : included }),
    ...(excluded.length === 0 ? {} : { $nor: excluded }),
  };
}

function condition(field: string, glob: string, toMatch: (glob: string) => string | BSONRegExp): Document {
  return isEveryName(glob) ? {} : { [field]: toMatch(glob) };
}

/**
 * Returns a plain name if the glob is one: the server finds it in its oplog several times as fast as an
 * expression. For that search the server makes its own expression from the name, and does not escape braces
 * (tried, 6.0.5: `x{2}` finds nothing). So only names of plain letters, digits, dots, `_` and `-` stay plain.
 */
function nameOf(glob: string): string | BSONRegExp {
  return /^[\w.-]+$/.test(glob) ? glob : expressionOf(glob);
}

/**
 * Returns the server's expression for a glob.
 *
 * Under `$nor` a plain name of a collection does not work: the server looks in its oplog for `NAME$`, which
 * also finds `NAME` followed by a line feed, and would exclude that too. For the same reason the end is `\z`.
 * All characters but letters and digits are written as their code points, because the server puts the
 * expression between quotes without escaping them.
 */
function expressionOf(glob: string): BSONRegExp {
  const letters = Array.from(glob, (letter) => {
    if (letter === "*") return ".*";
    if (letter === "?") return ".";
    return /^[A-Za-z0-9]$/.test(letter) ? letter : `\\x{${letter.codePointAt(0)!.toString(16)}}`;
  });
  return new BSONRegExp(`^${letters.join("")}\\z`, "s");
}
