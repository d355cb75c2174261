import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A new folder for archives, in another one; it goes when it is disposed of. */
export async function folder(
  parent: string = tmpdir(),
): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(parent, "firebreak-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A copy to be spoilt. */
export async function copyOf(archive: string, parent: string): Promise<string> {
  const copy = join(await mkdtemp(join(parent, "copy-")), "archive");
  await cp(archive, copy, { recursive: true });
  return copy;
}
