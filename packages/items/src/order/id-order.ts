import { textFields, type CollectionTexts, type SourceNamespace } from "@firebreak/archive";

/** The first version that keeps buckets of time-series collections in the order of `_id`. */
const CLUSTERED_SINCE = [5, 3] as const;

/** True if an export reads the collection in the order of `_id`. */
export function hasIdOrder(
  kind: SourceNamespace["kind"],
  { optionsText, indexTexts }: CollectionTexts,
  server?: string,
): boolean {
  switch (kind) {
    case "collection":
      return (
        textFields(optionsText).has("clusteredIndex") ||
        indexTexts.some((index) => textFields(index).get("name") === '"_id_"')
      );
    case "timeseries": {
      const [major = 0, minor = 0] = (server ?? "").replace(/^\D+/, "").split(".").map(Number);
      return major > CLUSTERED_SINCE[0] || (major === CLUSTERED_SINCE[0] && minor >= CLUSTERED_SINCE[1]);
    }
    default:
      return false;
  }
}
