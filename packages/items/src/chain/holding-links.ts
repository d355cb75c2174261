/**
 * Returns the links that hold the items of a table, collection or namespace: from the last one that has it
 * whole, and none if a later one drops it.
 *
 * @param links those that list it, in the order of the chain.
 * @param changeOf returns what a link does with it; undefined if it is unchanged or the link is a full one.
 */
export function holdingLinks<L>(
  links: readonly L[],
  changeOf: (link: L) => "whole" | "changed" | "dropped" | undefined,
): readonly L[] {
  const from = links.findLastIndex((link) => changeOf(link) === "whole" || changeOf(link) === "dropped");
  return links.slice(Math.max(0, from)).filter((link) => changeOf(link) !== "dropped");
}
