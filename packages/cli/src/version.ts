import { readFileSync } from "node:fs";
import { asObject } from "@firebreak/archive";

/** The version of this Firebreak, for manifests and `--version`. */
export const VERSION: string = String(
  asObject(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")))["version"],
);
