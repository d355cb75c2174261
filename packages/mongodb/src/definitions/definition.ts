import {
  archiveFault,
  LineDecoder,
  readCollectionFile,
  reasonOf,
  type SourceNamespace,
} from "@firebreak/archive";
import { BSON } from "mongodb";
import { documentOfElements } from "../driver/bson-map.ts";

/** The properties of a collection apart from its documents, as BSON documents. */
export interface Definition {
  readonly options: Buffer;
  /** Indexes in the server's order, without the collection's name that servers before 4.4 put into each. */
  readonly indexes: readonly Buffer[];
}

/**
 * Reads a collection's definition.
 *
 * @param folder the archive, or the folder that transform made from it.
 * @throws {FirebreakError} the errors of `readCollectionFile`, or `line-unreadable`.
 */
export async function readDefinition(
  folder: string,
  ns: Pick<SourceNamespace, "metadata">,
  identities: readonly string[] | undefined,
): Promise<Definition> {
  const { optionsText, indexTexts } = await readCollectionFile(folder, ns, identities);
  try {
    return {
      options: documentOf(optionsText),
      indexes: indexTexts.map((index) => without(documentOf(index), "ns")),
    };
  } catch (error) {
    const { file } = ns.metadata;
    throw archiveFault("line-unreadable", { file, line: 1, reason: reasonOf(error) }, error);
  }
}

/** Decodes the document on a line. */
export function documentOf(line: string): Buffer {
  const decoder = new LineDecoder();
  const bytes = Buffer.from(line, "utf8");
  decoder.decode(bytes, 0, bytes.length);
  return Buffer.from(decoder.out.written());
}

function without(document: Buffer, field: string): Buffer {
  const kept = [...BSON.onDemand.parseToElements(document)]
    .filter(([, nameAt, nameLength]) => document.toString("utf8", nameAt, nameAt + nameLength) !== field)
    .map(([, nameAt, , offset, length]) => document.subarray(nameAt - 1, offset + length));
  return documentOfElements(kept);
}
