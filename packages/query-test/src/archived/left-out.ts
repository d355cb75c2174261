import { readRefusedLines, type MysqlManifest } from "@firebreak/archive";
import { z } from "zod";
import { documentOfLine, idText } from "../sides/found-document.ts";
import type { IsLeftOut } from "../sides/mongodb-side.ts";

const refusedSchema = z.object({ namespace: z.string(), document: z.string() });

/**
 * Reads which documents transform put in quarantine. The source has them and the target is not to have them,
 * so no answer counts them.
 *
 * @param folder the folder that transform wrote.
 * @throws {FirebreakError} for a quarantine file that is not as the manifest says.
 */
export async function leftOutBy(
  folder: string,
  { namespaces }: Pick<MysqlManifest, "namespaces">,
  identities: readonly string[] | undefined,
): Promise<IsLeftOut> {
  const ids = new Map<string, Set<string>>();
  for (const entry of namespaces.flatMap(({ quarantine }) => quarantine))
    for await (const { namespace, document } of readRefusedLines(folder, entry, identities, (value) =>
      refusedSchema.parse(value),
    )) {
      const known = ids.get(namespace) ?? new Set();
      ids.set(namespace, known.add(idText(documentOfLine(document))));
    }
  return (namespace, id) => ids.get(namespace)?.has(id) === true;
}
