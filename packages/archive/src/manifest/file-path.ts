import { isAbsolute, join } from "node:path";
import { archiveFault } from "../archive-faults.ts";

/**
 * Returns the place on disk of a file that a manifest names. A manifest may come from anywhere, so a name
 * that could leave the archive is refused before any file is touched.
 *
 * @throws {FirebreakError} `file-path`
 */
export function fileInArchive(archive: string, manifest: string, file: string): string {
  const segments = file.split("/");
  const isSafe =
    !isAbsolute(file) && !/[\\\0:]/.test(file) && segments.every((s) => s !== "" && s !== "." && s !== "..");
  if (!isSafe) throw archiveFault("file-path", { file, manifest });
  return join(archive, ...segments);
}
