import type { TransformFaults, TransformNotes } from "@firebreak/transform";
import { message, type FaultTexts, type NoteTexts } from "./catalogue.ts";
import { profileReport } from "./en-profile.ts";

export const transformFaults: FaultTexts<TransformFaults> = {
  "transform-same-kind": (f) =>
    message(
      `${f.archive} is of MongoDB: what goes back there needs no transform.`,
      "Run pnpm restore, which puts it back as it was.",
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
