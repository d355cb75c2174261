/** The options of a view or a stage of its pipeline, in the order of its fields. */
type Fields = ReadonlyMap<string, unknown>;

/** Returns the collections of its own database that a view uses, in `viewOn` and in its stages. */
export function viewReferences(options: Fields): string[] {
  const found = new Set<string>();
  renameReferences(options, (name) => {
    found.add(name);
    return name;
  });
  return [...found];
}

/** Returns the same view over renamed collections (manual, "Aggregation Stages"). */
export function renameReferences(options: Fields, rename: (name: string) => string): Map<string, unknown> {
  return withFields(options, {
    viewOn: (name) => (typeof name === "string" ? rename(name) : name),
    pipeline: (stages) => renameInPipeline(stages, rename),
  });
}

function renameInPipeline(stages: unknown, rename: (name: string) => string): unknown {
  if (!Array.isArray(stages)) return stages;
  const name = (value: unknown): unknown => (typeof value === "string" ? rename(value) : value);
  const pipeline = (value: unknown): unknown => renameInPipeline(value, rename);
  const inFields = (changes: Changes) => (value: unknown) =>
    value instanceof Map ? withFields(value as Fields, changes) : name(value);
  return stages.map((stage: unknown) =>
    stage instanceof Map
      ? withFields(stage as Fields, {
          $lookup: inFields({ from: name, pipeline }),
          $graphLookup: inFields({ from: name }),
          $unionWith: inFields({ coll: name, pipeline }),
          $facet: (facets) =>
            facets instanceof Map
              ? new Map([...(facets as Fields)].map(([facet, inner]) => [facet, pipeline(inner)]))
              : facets,
        })
      : stage,
  );
}

type Changes = Readonly<Record<string, (value: unknown) => unknown>>;

function withFields(fields: Fields, changes: Changes): Map<string, unknown> {
  return new Map(
    [...fields].map(([field, value]) => [
      field,
      Object.hasOwn(changes, field) ? changes[field]!(value) : value,
    ]),
  );
}
