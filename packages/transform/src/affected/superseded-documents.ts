import type { SourceNamespace } from "@firebreak/archive";
import { archivedLineReader } from "@firebreak/items";
import { DOCUMENT_WORDS } from "../line-index/index-block.ts";
import { putHash } from "../line-index/index-writer.ts";
import { documentBlocks, type BlocksOf } from "../line-index/open-index.ts";
import { WordSet } from "../line-index/word-set.ts";
import type { ProfileNamespace } from "../profile.ts";
import { keyFieldsOf } from "../profiled/survey-lines.ts";

/** The index of a part of the delta's own lines. */
export interface FreshPart extends BlocksOf {
  readonly namespace: string;
  readonly group: string;
}

/** Returns the hashes of the documents that a delta supersedes in a namespace; "all" if it supersedes all. */
export async function supersededDocuments(
  { namespace, change, deletes = [], expired = [] }: SourceNamespace,
  fresh: readonly FreshPart[],
  ns: Pick<ProfileNamespace, "table">,
  { archive, identities }: { readonly archive: string; readonly identities: readonly string[] },
): Promise<WordSet | "all"> {
  if (change !== "changed") return "all";
  const documents = new WordSet(DOCUMENT_WORDS);
  for (const part of fresh.filter((f) => f.namespace === namespace))
    for await (const block of documentBlocks(part, identities))
      for (let i = 0; i < block.count; i++) documents.add(block.documents, i * DOCUMENT_WORDS);
  const reader = archivedLineReader({ identities, keyFields: keyFieldsOf(ns) });
  const hash = new Uint32Array(DOCUMENT_WORDS);
  for (const part of [...deletes, ...expired])
    for await (const keys of reader.keys({ folder: archive, part }))
      for (const key of keys) {
        putHash(key, hash, 0);
        documents.add(hash, 0);
      }
  return documents;
}
