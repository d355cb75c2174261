import type { TargetFaults } from "@firebreak/target";
import { message, type FaultTexts } from "../language.ts";

const short = (sha256: string): string => `${sha256.slice(0, 16)}…`;
export const link = (number: number): string => (number === 0 ? "the full archive" : `delta ${number}`);

/** Faults of a load into a target of any kind, in English. */
export const targetFaults: FaultTexts<TargetFaults> = {
  "delta-base-missing": (f) =>
    message(
      `This is delta ${f.number} of the chain ${short(f.chainSha256)}, and by firebreak_ledger no full archive of it is in database ${f.database} at ${f.server}, or not all of it.`,
      "Load the full archive first, to its end, then the deltas in their order; or name the database that it was loaded into.",
    ),
  "delta-other-chain": (f) =>
    message(
      `This is delta ${f.number} of the chain ${short(f.chainSha256)}, and database ${f.database} at ${f.server} holds archives of other chains only.`,
      "Name the database that this chain's full archive was loaded into.",
    ),
  "delta-link-missing": (f) =>
    message(
      `This is delta ${f.number}, and of its chain database ${f.database} at ${f.server} has ${link(f.newest)} so far: ${f.number - f.newest === 2 ? `delta ${f.newest + 1} is missing` : `deltas ${f.newest + 1} to ${f.number - 1} are missing`}.`,
      `Load delta ${f.newest + 1} next: deltas go in by their order.`,
    ),
  "delta-forked": (f) =>
    message(
      `Database ${f.database} at ${f.server} has another ${f.number === 0 ? "full archive" : `delta ${f.number}`} than this chain: manifest.json of SHA-256 ${short(f.found)}, and ${short(f.expected)} is the one that belongs here.`,
      "Load the deltas that were made after the one that is in; or load this chain's full archive into an empty database, then its deltas.",
    ),
  "delta-unfinished": (f) =>
    message(
      `Delta ${f.number} was begun in database ${f.database} of MongoDB at ${f.server} and is not in to its end, so that what is there is halfway.`,
      `Run load of delta ${f.number} again: it goes on where it stopped.`,
    ),
  "quarantine-full": (f) =>
    message(
      `The target refused more than ${f.max} rows or documents, so the load ended; the last was of ${f.part} for ${f.table}, ${f.reason}.`,
      "If something is wrong as a whole, mend it; if all of them are to go to quarantine, raise --max-quarantine. Then run the same command again: the parts that are in stay in.",
    ),
};
