import type { TransformFaults, TransformNotes } from "@firebreak/transform";
import { message, type FaultTexts, type NoteTexts } from "../language.ts";
import { profileReport } from "./profile.ts";

export const transformFaults: FaultTexts<TransformFaults> = {
  "transform-same-kind": (f) =>
    message(
      `${f.archive} is of MongoDB: what goes back there needs no transform.`,
      "Run pnpm restore, which puts it back as it was.",
    ),
  "link-not-made": (f) =>
    message(
      `A delta is transformed by what was made of the archive before it, and ${f.archive} was not transformed for ${f.kind === "mysql" ? "MySQL" : "MongoDB"}.`,
      `Run pnpm transform --archive ${f.archive} --to ${f.kind} first, or put its ${f.kind} folder there.`,
    ),
  "delta-profile": (f) =>
    message(
      `${f.archive} is a delta, and the archive before it was transformed with the profile ${f.profile}.`,
      `Transform it likewise: pnpm transform --archive ${f.archive} --profile ${f.profile}, with the options that were given then.`,
    ),
  "delta-unplanned": (f) =>
    message(
      `The changes of ${f.namespace} cannot be applied to ${f.table} by its key: ${UNPLANNED[f.why]}.`,
      "Make a full archive, of the chain with pnpm compact or of the source with pnpm export, and load it anew.",
    ),
};

const UNPLANNED: Readonly<Record<TransformFaults["delta-unplanned"]["why"], string>> = {
  "no-key": "it has no key",
  "other-columns": "it has other columns now",
  "other-version": "another version of Firebreak made it",
};

/** The reasons why documents do not fit into a table. Each text follows the number of documents. */
const SET_ASIDE = {
  "key-other-type": "with an _id of another type than the column _id",
  "key-out-of-range": "with an _id that the column _id cannot hold exactly",
  "key-too-long": "with an _id that is too long for the column _id",
  "row-too-long": "of 4 MiB or more as a line, in a table that was made for shorter ones",
} as const;

export const transformNotes: NoteTexts<TransformNotes> = {
  "delta-set-aside": ({ namespace, table, reasons }) =>
    [
      `Documents of ${namespace} have no place in table ${table} as the chain has it, and are in quarantine:`,
      ...reasons.map(
        ({ reason, count }) => `  ${count.toLocaleString("en-US")} ${SET_ASIDE[reason]} (${reason})`,
      ),
      "Everything else was transformed. A full archive gets a table that takes them: pnpm compact makes one of the chain.",
    ].join("\n"),
  "profile-of-chain": ({ profile, options }) =>
    `A delta is transformed as its chain was: profile ${profile}${Object.entries(options)
      .map(([setting, value]) => `, ${setting}=${value}`)
      .join("")}.`,
  "profile-report": profileReport,
  "columns-widened": (f) =>
    [
      `Table ${f.table} gets wider columns for what this delta brings: ${f.columns.map((c) => `${c.name} ${c.to.toUpperCase()} (was ${c.from.toUpperCase()})`).join(", ")}. load shows the statements, and runs them with --yes.`,
      ...(f.rowCount === 0
        ? []
        : [
            `${f.rowCount.toLocaleString("en-US")} earlier ${f.rowCount === 1 ? "row is" : "rows are"} written again, whose values in _extra fit then.`,
          ]),
    ].join("\n"),
};
