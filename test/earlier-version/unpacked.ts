import { join } from "node:path";
import { execa } from "execa";
import { folder } from "@firebreak/testing/archives/folder";

const FIXTURES = join(import.meta.dirname, "..", "..", "fixtures", "version-0.4.0");

/** A copy of what version 0.4.0 wrote, to be changed at will. It goes when it is disposed of. */
export interface Unpacked extends AsyncDisposable {
  /** Returns the path of a file or folder in it. */
  at(...names: readonly string[]): string;
}

export async function unpacked(
  name: "documents" | "rows" | "chat-documents" | "chat-rows" | "protected",
): Promise<Unpacked> {
  const place = await folder();
  await execa("tar", ["-xzf", join(FIXTURES, `${name}.tar.gz`), "-C", place.path]);
  return {
    at: (...names) => join(place.path, ...names),
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  };
}
