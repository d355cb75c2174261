import type { Stage } from "@firebreak/archive";
import type { ProgressTexts } from "../language.ts";

/** The names of stages, in English. */
export const stages: Readonly<Record<Stage, string>> = {
  export: "export",
  changes: "read the change stream",
  replay: "load from quarantine",
  survey: "survey",
  duplicates: "look for equal keys",
  rows: "write rows",
  documents: "write documents",
  keys: "write keys",
  superseded: "find superseded rows",
  affected: "take out affected lines",
  refit: "write rows that fit now",
  difference: "compare with the links before",
  verify: "verify",
  "verify-keys": "verify keys",
  compact: "compact",
  fold: "changes put in",
  load: "load",
  indexes: "build indexes",
  repair: "repair",
  delta: "apply the delta",
  restore: "restore",
  delete: "delete what is superseded",
  prove: "read back",
  checksum: "checksum",
  differences: "find the rows that differ",
  pack: "pack",
  unpack: "unpack",
  search: "search",
  queries: "queries",
};

/** The pieces of a progress line, in English. */
export const progressTexts: ProgressTexts = {
  items: count,
  total: (items, is) => {
    switch (is) {
      case "known":
        return `of ${count(items)}`;
      case "estimate":
        return `of about ${count(items)}`;
      case "so-far":
        return `of ${count(items)} so far`;
    }
  },
  speed: (itemsPerSecond) => `${count(Math.round(itemsPerSecond))}/s`,
  bytes: (bytesPerSecond) => `${(bytesPerSecond / 1e6).toFixed(1)} MB/s`,
  left: (seconds) => `${duration(seconds)} left`,
  lag: (seconds) => `${count(seconds)} s behind the source`,
};

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const minutes = Math.floor(whole / 60);
  return minutes === 0
    ? `${whole} s`
    : minutes < 60
      ? `${minutes} min ${whole % 60} s`
      : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
