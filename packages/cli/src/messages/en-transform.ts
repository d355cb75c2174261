import type { TransformFaults, TransformNotes } from "@firebreak/transform";
import { message, type FaultTexts, type NoteTexts } from "./catalogue.ts";
import { profileReport } from "./en-profile.ts";

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
      `What ${f.namespace} became cannot be changed by key: ${f.table} has no key, has other columns now, gets keys of another kind or rows of 4 MiB and more for the first time, or another version of Firebreak made it.`,
      "Export it whole: make a full archive of the source, or of the chain with pnpm compact.",
    ),
};

export const transformNotes: NoteTexts<TransformNotes> = {
  "profile-report": profileReport,
  "transform-left": ({ databases }) =>
    [
      "MongoDB has no counterpart of these; they stay in the archive:",
      ...databases.map(({ database, views, ...counts }) => {
        const kinds = Object.entries(counts).filter(([, count]) => count > 0);
        const parts = [
          ...(views.length === 0 ? [] : [`${views.length === 1 ? "view" : "views"} ${views.join(", ")}`]),
          ...kinds.map(([kind, count]) => `${count} ${count === 1 ? kind.slice(0, -1) : kind}`),
        ];
        return `  ${database}: ${parts.join("; ")}`;
      }),
      "Users and their grants are in no archive.",
    ].join("\n"),
};
