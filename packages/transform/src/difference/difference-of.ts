import { join } from "node:path";
import { ChainItems, linkItems, type Item, type ItemReader, type ListedItems } from "@firebreak/items";
import { SCRATCH } from "../delta/superseded-digests.ts";
import type { DifferenceTask } from "./difference-task.ts";
import { writeDifference, type Difference, type DifferenceFiles } from "./write-difference.ts";

/**
 * Writes the changes between a table or collection at the end of a chain and the same one in the whole
 * transform.
 *
 * @param links the links that hold its items, in the order of the chain.
 * @param whole its entry in the manifest of the whole transform.
 */
export async function differenceOf(
  { whole: wholeFolder, folder, keys: { recipients } }: DifferenceTask,
  reader: ItemReader<Item>,
  links: readonly ListedItems[],
  whole: Pick<ListedItems, "parts">,
  files: Pick<DifferenceFiles, "keysFile" | "itemsFile">,
): Promise<Difference> {
  const itemsOf = (listed: readonly ListedItems[]): ChainItems<Item> =>
    new ChainItems(
      listed.map((link) => linkItems(reader, link)),
      join(folder, SCRATCH),
    );
  const old = itemsOf(links);
  const fresh = itemsOf([{ folder: wholeFolder, parts: whole.parts }]);
  try {
    const scratch = join(folder, "difference.partial");
    return await writeDifference(old, fresh, { folder, recipients, scratch, ...files });
  } finally {
    await old.close();
  }
}
