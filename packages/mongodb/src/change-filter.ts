import { BSONRegExp, type Document } from "mongodb";
import type { NamespaceFilter } from "@firebreak/archive";
import { timestampOf, type ClusterTime } from "./cluster-time.ts";
import { databaseGlobs, globHalves, isEveryName } from "./glob-halves.ts";

/** A condition that no event meets. */
const NEVER: Document = { operationType: { $in: [] } };

/**
 * The condition of a `$match` stage for the events that concern wanted namespaces;
 * undefined where all are wanted. Let through are also renames to a wanted name, the drop
 * of a database that may have a wanted collection, and the end of a stream, which names nothing.
 *
 * The server applies it to its oplog, before it makes events (since 6.0). That takes conditions
 * on the fields used here alone: one on another field, or an `$exists`, undoes it for the whole stage.
 *
 * @param until the moment behind which all events are let through.
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
 * A plain name where the glob is one: the server finds it in its oplog several times as fast as an
 * expression. It makes its own expression of it there, in which a brace is not escaped (tried,
 * 6.0.5: `x{2}` finds nothing), so that a plain name has to be of plain letters.
 */
function nameOf(glob: string): string | BSONRegExp {
  return /^[\w.-]+$/.test(glob) ? glob : expressionOf(glob);
}

/**
 * The server's expression for a glob. A plain name of a collection will not do under `$nor`: in its
 * oplog the server looks for `NAME$`, which finds `NAME` and a line feed too, and takes it away.
 * For the same reason the end is `\z`. All but letters and digits are written as their code points,
 * because the server puts the expression between quotes without escaping them.
 */
function expressionOf(glob: string): BSONRegExp {
  const letters = Array.from(glob, (letter) => {
    if (letter === "*") return ".*";
    if (letter === "?") return ".";
    return /^[A-Za-z0-9]$/.test(letter) ? letter : `\\x{${letter.codePointAt(0)!.toString(16)}}`;
  });
  return new BSONRegExp(`^${letters.join("")}\\z`, "s");
}
