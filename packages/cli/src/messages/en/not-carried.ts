import type { NotCarried, NotCarriedKind, NotCarriedReason, ExtraReason } from "@firebreak/archive";
import { visibleText } from "../../screen/visible-value.ts";
import type { NotCarriedTexts, ExtraTexts } from "../language.ts";

/** The number of names to show in a line. `--json` has all. */
const SHOWN_NAMES = 8;

const KINDS: Readonly<Record<string, readonly [one: string, several: string]>> = {
  index: ["index", "indexes"],
  option: ["option", "options"],
  view: ["view", "views"],
  user: ["user", "users"],
  routine: ["routine", "routines"],
  trigger: ["trigger", "triggers"],
  event: ["event", "events"],
  library: ["library", "libraries"],
  package: ["package", "packages"],
  sequence: ["sequence", "sequences"],
  collection: ["collection", "collections"],
  table: ["table", "tables"],
} satisfies Record<NotCarriedKind, [string, string]>;

/** The texts of reasons. Each completes a sentence about one or several objects. */
const REASONS: Readonly<Record<string, (detail: string) => string>> = {
  "no-counterpart": () => "the target has nothing like it",
  pipeline: () => "a view's pipeline is no SQL",
  "restore-only": () => "only pnpm restore makes it again",
  "kept-in-options": () => "its statement is kept in the collection's options",
  "not-in-archive": () => "no archive has them; make them in the target by hand",
  unseen: (grant) => `this user may not see them; GRANT ${grant} shows them`,
  forbidden: (grant) => `the server hides it from this user; GRANT ${grant} shows it`,
  "server-refused": (reason) => `the server cannot show or read it: ${reason}`,
  "dropped-amid": () => "dropped or renamed while it was exported; the archive has what was read before",
  "dropped-before": () => "dropped or renamed before the moment that the archive is of",
  "kind-not-carried": () => "this version carries no such kind",
  "not-exported": () => "the export could not carry it, and said why",
  application: () => "the application makes its own",
  stays: () => "stays where it is, and is needed there",
  "index-kind": (kind) => `the target has no index of the kind ${kind}`,
  "no-column": (field) => `${field} is not a column`,
  "inside-document": (field) => `${field} is inside of a document`,
  "holds-documents": (field) => `${field} holds documents or arrays`,
  generated: (column) => `${column} is generated, and not in documents`,
  prefix: (column) => `it is of the beginning of ${column}`,
  "name-unfit": (column) => `no index can name ${column}`,
  expression: () => "it is of an expression",
  "too-many-fields": (most) => `an index has at most ${most} fields`,
  "too-many-indexes": (most) => `there are at most ${most} indexes`,
  "same-as": (index) => `it is the same as ${index}`,
  "link-before": () => "a delta makes no indexes",
  "own-statement": () => "the table has the indexes of its own statement",
  "not-taken": () => "the server does not take it",
  "without-option": (option) => `it is there without ${option}, which the server does not take`,
  "collation-mapped": (collation) => `it is there with the collation ${collation}, as --collation-map says`,
  "not-asked": () => "left out by --no-indexes",
  "not-unique": () => "it is there, and not unique",
  "no-expiry": () => "it is there, and MySQL does not delete expired rows",
  "folds-letters": () => "it holds letters apart that are one to MySQL, for MongoDB compares bytes",
} satisfies Record<NotCarriedReason, (detail: string) => string>;

export const notCarriedTexts: NotCarriedTexts = {
  title: "Not carried over:",
  line: (place, things) => {
    const [first] = things;
    // Users belong to the server and are the same in all its databases, so no place is named.
    if (first!.kind === "user" && first!.name === "*")
      return `users, roles and grants: ${reasonText(first!)}`;
    if (first!.name === "*")
      return `${visibleText(place)}: ${kindNames(first!)[1]}, if there are any (${reasonText(first!)})`;
    return `${visibleText(place)}: ${named(things)} (${reasonText(first!)})`;
  },
  more: (count) =>
    `and ${count.toLocaleString("en-US")} more ${count === 1 ? "line" : "lines"}; --json lists all`,
};

function named(things: readonly NotCarried[]): string {
  const [one, several] = kindNames(things[0]!);
  const shown = things.slice(0, SHOWN_NAMES).map(({ name }) => visibleText(name));
  const rest = things.length - shown.length;
  return `${things.length === 1 ? one : several} ${shown.join(", ")}${rest > 0 ? ` and ${rest.toLocaleString("en-US")} more` : ""}`;
}

/** Returns the noun for a kind, singular and plural. */
function kindNames({ kind }: NotCarried): readonly [string, string] {
  return KINDS[kind] ?? [kind, kind];
}

function reasonText({ reason, detail = "" }: NotCarried): string {
  return REASONS[reason]?.(visibleText(detail)) ?? reason;
}

/** Returns the text of `inspect` for one object. Earlier versions of Firebreak stored sentences here. */
export function notCarriedText(thing: NotCarried | string): string {
  return typeof thing === "string" ? visibleText(thing) : `${named([thing])}: ${reasonText(thing)}`;
}

/** The reasons why values are in `_extra`. */
const EXTRA_REASONS: Readonly<Record<string, string>> = {
  null: "null",
  "kind-int32": "kind int32",
  "kind-int64": "kind int64",
  "kind-double": "kind double",
  "kind-decimal": "kind decimal",
  "kind-boolean": "kind boolean",
  "kind-string": "kind string",
  "kind-date": "kind date",
  "kind-objectId": "kind objectId",
  "kind-binary": "kind binary",
  "kind-nested": "document or array",
  "kind-other": "kind without a column",
  "too-long": "too long",
  "too-large": "too many digits before the point",
  "too-precise": "too many digits for the column",
  "not-finite": "NaN or infinity",
  "negative-zero": "negative zero",
  "date-out-of-range": "date out of MySQL's range",
  "name-unfit": "no column can have that name",
  "name-twin": "a column differs from that name in case or accents alone",
  "too-many-fields": "the table has no more columns",
  "no-column": "the table has no such column",
  "field-twice": "twice in its document",
  "not-text": "no UTF-8",
} satisfies Record<ExtraReason, string>;

export const extraTexts: ExtraTexts = {
  column: ({ table, column, values, reasons }) => {
    const place = visibleText(column === "_extra" ? table : `${table}.${column}`);
    const why = reasons.map(
      (r) => `${reasons.length === 1 ? "" : `${number(r.values)} `}${EXTRA_REASONS[r.reason] ?? r.reason}`,
    );
    return `${place}: ${number(values)} ${values === 1 ? "value is" : "values are"} in _extra (${why.join(", ")})`;
  },
  more: (count) =>
    `${number(count)} more ${count === 1 ? "column has" : "columns have"} values in _extra; --json lists all of them`,
};

function number(value: number): string {
  return value.toLocaleString("en-US");
}
