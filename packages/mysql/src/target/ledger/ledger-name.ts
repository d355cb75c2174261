import type { ChainPlace } from "@firebreak/target";

/** A place in a chain as the ledger has it: `chain` is the first 16 hex digits of the chain's SHA-256. */
type NamedPlace = Pick<ChainPlace, "chain" | "number">;

/** The subject of a ledger row, which the ledger keeps as one text. */
export type LedgerSubject =
  /** A part of a full archive. */
  | { readonly kind: "part"; readonly file: string }
  /** A part of a delta. */
  | ({ readonly kind: "delta-part"; readonly file: string } & NamedPlace)
  /** The work of a delta on a table. */
  | ({ readonly kind: "delta-table" } & NamedPlace)
  /** A whole link of a chain. Its row belongs to no table. */
  | ({ readonly kind: "link" } & NamedPlace)
  /** A repair of a table, by the SHA-256 of its manifest. */
  | { readonly kind: "repair"; readonly repair: string }
  /** An unfinished restore of a backup. Its row belongs to no table. */
  | { readonly kind: "restore"; readonly restore: string }
  /** The whole of a table whose engine cannot roll back. */
  | { readonly kind: "direct" };

const DIRECT = "direct/table";

/** Returns the ledger's name for a subject. No file of an archive has a name like those of other subjects. */
export function ledgerName(subject: LedgerSubject): string {
  switch (subject.kind) {
    case "part":
      return subject.file;
    case "delta-part":
      return `${ledgerName({ ...subject, kind: "delta-table" })}/${subject.file}`;
    case "delta-table":
      return `delta/${digitsOf(subject.chain)}/${subject.number}`;
    case "link":
      return `archive/${digitsOf(subject.chain)}/${subject.number}`;
    case "repair":
      return `repair/${digitsOf(subject.repair)}`;
    case "restore":
      return `restore/${digitsOf(subject.restore)}`;
    case "direct":
      return DIRECT;
  }
}

/** Returns the subject of a part of an archive of any place in a chain. */
export function partOf({ chain, number }: NamedPlace, file: string): LedgerSubject {
  return number === 0 ? { kind: "part", file } : { kind: "delta-part", chain, number, file };
}

/** Parses a name of the ledger. */
export function ledgerSubject(name: string): LedgerSubject {
  if (name === DIRECT) return { kind: "direct" };
  const [, word, digits = "", number, file] =
    /^(delta|archive|repair|restore)\/([0-9a-f]{16})(?:\/(\d+)(?:\/(.+))?)?$/s.exec(name) ?? [];
  const place = { chain: digits, number: Number(number) };
  if (word === "repair" && number === undefined) return { kind: "repair", repair: digits };
  if (word === "restore" && number === undefined) return { kind: "restore", restore: digits };
  if (word === "archive" && number !== undefined && file === undefined) return { kind: "link", ...place };
  if (word === "delta" && number !== undefined)
    return file === undefined ? { kind: "delta-table", ...place } : { kind: "delta-part", ...place, file };
  return { kind: "part", file: name };
}

/** Returns true if a subject of the ledger belongs to a chain, which is given by its whole SHA-256. */
export function isOfChain(subject: LedgerSubject, chain: string): subject is LedgerSubject & NamedPlace {
  return "chain" in subject && subject.chain === digitsOf(chain);
}

/** Returns the digits by which the ledger identifies a manifest. */
function digitsOf(sha256: string): string {
  return sha256.slice(0, 16);
}
