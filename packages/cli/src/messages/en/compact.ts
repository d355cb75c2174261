import type { CompactFaults } from "@firebreak/compact";
import { message, type FaultTexts, type SomeNotes } from "../language.ts";

export const compactFaults: FaultTexts<CompactFaults> = {
  "compact-no-delta": (f) =>
    message(
      `${f.archive} is a full archive: there is no delta to put into it.`,
      "Name the last delta of a chain with --archive.",
    ),
  "compact-out-inside": (f) =>
    message(
      `The new archive cannot go to ${f.out}: that is inside ${f.archive}, a link of the chain.`,
      "Name another folder with --out.",
    ),
  "compact-out-taken": (f) =>
    message(
      `${f.out} holds ${f.found}, which is not of this chain's new archive.`,
      "Name a new or empty folder with --out.",
    ),
};

export const compactNotes = {
  "compact-resumed": (f) =>
    `Going on in ${f.out}: ${f.namespaces === 1 ? "1 namespace is" : `${f.namespaces} namespaces are`} done already.`,
  "compact-behind": (f) =>
    `${f.namespace}: only its server knows the order of its keys. ${f.lines === 1 ? "1 new line stands" : `${f.lines} new lines stand`} behind all others; a fresh export would have the same lines in another order.`,
} satisfies SomeNotes;
