import { join } from "node:path";
import { readLines, fromByteText } from "@firebreak/archive";
import type { MysqlComparison } from "./checksum-options.ts";
import type { ReportedSource, SourceDocument } from "@firebreak/target";
import type { Manifests } from "./expected-rows.ts";

/** The most characters that are kept of a value, and of a whole document. */
const FIELD_CHARACTERS = 512;
const DOCUMENT_CHARACTERS = 64 * 1024;

/** Returns the documents of one part's rows, by their lines. */
export async function readSourceLines(
  { archive, identities }: Pick<MysqlComparison, "archive" | "identities">,
  { source }: Manifests,
  rows: readonly ReportedSource[],
): Promise<Map<number, SourceDocument>> {
  const documents = new Map<number, SourceDocument>();
  const part = source.namespaces.flatMap((n) => n.parts).find((p) => p.file === rows[0]?.part);
  if (part === undefined) return documents;
  const wanted = new Set(rows.map(({ line }) => line));
  await readLines(
    join(archive, part.file),
    part,
    { identities },
    ({ line, number, fields }) => {
      if (!wanted.has(number)) return;
      documents.set(number, {
        fields: fields.names.slice(0, fields.count).map((name, i) => ({
          name,
          text: start(fields.text(i), FIELD_CHARACTERS),
        })),
        line: start(line, DOCUMENT_CHARACTERS),
        bytes: line.length,
      });
    },
    () => undefined,
  );
  return documents;
}

/** Returns the beginning of byte text as text, without the bytes of a cut character. */
function start(bytes: string, length: number): string {
  return bytes.length <= length
    ? fromByteText(bytes)
    : `${fromByteText(bytes.slice(0, length)).replace(/\uFFFD+$/, "")}…`;
}
