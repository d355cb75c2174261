import { FirebreakError } from "@firebreak/archive";
import { english } from "../../cli/src/messages/en/english.ts";
import { explain } from "../../cli/src/messages/explain.ts";
import { extractBundle } from "../../bundle/src/index.ts";

/**
 * Unpacks as the command line does, in this process: for tests with many
 * volumes. @returns the exit code, and what people are told when it is not 0.
 */
export async function unpack(from: string, archive: string): Promise<{ exitCode: number; told: string }> {
  try {
    for await (const _ of extractBundle({ from, archive, jobs: 2, isDryRun: false }));
    return { exitCode: 0, told: "" };
  } catch (error) {
    if (!(error instanceof FirebreakError)) throw error;
    return { exitCode: error.exitCode, told: explain(english, error).problem };
  }
}
