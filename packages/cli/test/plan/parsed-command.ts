import { expect } from "vitest";
import { commandsOf } from "../../src/command-list.ts";
import { english } from "../../src/messages/en/english.ts";
import { parseArguments, type Request } from "../../src/parse-arguments.ts";
import { PROFILES } from "../../src/profiles.ts";

/** Parses the arguments of a command that a checklist names, as the command line does, and expects that all are known. */
export async function parsedCommand(args: readonly string[]): Promise<Request> {
  const request = await parseArguments(args, commandsOf(PROFILES), english.help);
  expect(request?.command.name, args.join(" ")).toBe(args[0]);
  return request!;
}
