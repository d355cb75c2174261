import { sha256Of } from "@firebreak/archive";
import { lineText } from "../driver/namespaces.ts";
import { mapOf } from "../driver/bson-map.ts";
import type { ProvedCollection } from "./ledger/ledger-entry.ts";
import { writeLoadState } from "./ledger/load-ledger.ts";
import type { LoadRun } from "./load-run.ts";
import type { CollectionWork } from "./collection-plan.ts";
import type { Proofs } from "./proof/prove-documents.ts";
import { endLink } from "./ledger/target-chain.ts";

/** Records the facts that later deltas need, if everything is proved. */
export async function endLoad(
  { target, chain, assertHeld }: LoadRun,
  work: readonly CollectionWork[],
  proofs: Proofs,
): Promise<void> {
  if (!work.every(({ planned }) => proofs.get(planned)!.isEqual)) return;
  for (const { planned, head } of work) {
    const { database, collection, contentSha256, chain: ofChain, options, indexes } = planned;
    const proved: ProvedCollection = {
      documentCount: proofs.get(planned)!.digested,
      optionsSha256: sha256Of(lineText(options)),
      indexes: indexes.map((index) => String(mapOf(index).get("name"))),
    };
    const isNoted =
      head?.contentSha256 === contentSha256 &&
      head.chain === ofChain &&
      JSON.stringify(head.proved) === JSON.stringify(proved);
    if (isNoted) continue;
    assertHeld();
    const state = { collection, contentSha256, chain: ofChain, state: "proved", proved } as const;
    await writeLoadState(target, database, state);
  }
  await endLink(target, chain, assertHeld);
}
