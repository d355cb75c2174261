import { sharedValue } from "@firebreak/workers";
import type { ReadLine } from "@firebreak/archive";
import { KeyStore } from "@firebreak/items";
import type { DocumentMapper } from "../collections/document-mapper.ts";
import type { DocumentRule } from "../collections/documents-plan.ts";
import { ID } from "../collections/document-key.ts";
import { ExtraTally } from "../extra/extra-tally.ts";
import { GenericDocumentMapper } from "../collections/generic-document.ts";
import { keyHash } from "../survey/key-hashes.ts";
import { OriginalDocumentMapper } from "../collections/original-document.ts";
import { OriginalRowMapper } from "../tables/original-row-mapper.ts";
import type { OriginalTablePlan } from "../tables/original-table-plan.ts";
import type { ProfileLookup, ProfileWorker } from "../profile.ts";
import { RowMapper } from "../tables/row-mapper.ts";
import type { TablePlan } from "../tables/table-plan.ts";
import type {
  Findings,
  LineDecision,
  LineMapper,
  MappedLine,
  TargetDocument,
  TargetRow,
} from "./line-mapper.ts";
import type { DocumentMapping, ProfileMapping, RowMapping } from "./mapping.ts";
import type { SourcePart } from "./source-part.ts";

/**
 * Returns the mapper of a task that makes rows.
 *
 * @param decisions the decisions about lines, whose values in `_extra` do not count.
 */
export async function rowMapperOf(
  mapping: RowMapping,
  decisions: ReadonlyMap<number, LineDecision> = new Map(),
): Promise<LineMapper<TargetRow>> {
  if (mapping.by === "plan")
    return mapping.plan.kind === "original"
      ? new OriginalRows(mapping.plan)
      : new GenericRows(mapping.plan, decisions);
  const worker = await profileWorker(mapping.module);
  return worker.rowMapper(sharedValue(mapping.shared).data, mapping.namespace, lookupIn(mapping));
}

/** Returns the mapper of a task that makes documents. */
export async function documentMapperOf(
  mapping: DocumentMapping,
  { part }: Pick<SourcePart, "part">,
): Promise<LineMapper<TargetDocument>> {
  if (mapping.by === "plan") return new PlannedDocuments(ruleMapper(mapping, part.file));
  const worker = await profileWorker(mapping.module);
  return worker.documentMapper(sharedValue(mapping.shared).data, mapping.namespace, lookupIn(mapping));
}

/** Returns the mapper of a rule. @param part the file that contains the lines. */
export function ruleMapper(
  { rule, namespace }: { readonly rule: DocumentRule; readonly namespace: string },
  part: string,
): DocumentMapper {
  return rule.kind === "original"
    ? new OriginalDocumentMapper(rule, namespace, part)
    : new GenericDocumentMapper(rule);
}

/** Loads the profile's side in this thread, from the file that its plan names. */
export async function profileWorker(module: string): Promise<ProfileWorker> {
  // The type of a file is not known from a name in a variable.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const loaded = (await import(module)) as { readonly default: ProfileWorker };
  return loaded.default;
}

/** The stores of this thread, for the mapping with that id. Their blocks serve all parts. */
let opened: { readonly id: string; readonly stores: ReadonlyMap<string, KeyStore> } | undefined;

/** Returns the lookup that a mapper uses to find the values of other lines. */
function lookupIn({ shared: { id }, lookups }: ProfileMapping): ProfileLookup {
  if (opened?.id !== id)
    opened = {
      id,
      stores: new Map([...lookups].map(([group, runs]) => [group, new KeyStore(...runs)])),
    };
  const { stores } = opened;
  return {
    has: (group, key) => stores.get(group)?.has(key) ?? false,
    find: (group, key) => stores.get(group)?.texts(key) ?? [],
  };
}

/** The result for a line with one row. It serves every line, because an object for each would take time. */
class OneRow {
  readonly #row: { target: number; cells: (string | null)[] } = { target: 0, cells: [] };
  readonly #mapped: MappedLine<TargetRow> = { kind: "mapped", outputs: [this.#row], remarks: [] };

  /** Returns the result for a line. It is valid until the next call. */
  of(cells: (string | null)[]): MappedLine<TargetRow> {
    this.#row.cells = cells;
    return this.#mapped;
  }
}

/** Makes the rows of a collection's table. */
class GenericRows implements LineMapper<TargetRow> {
  readonly #extras: ExtraTally;
  readonly #mapper: RowMapper;
  readonly #oneRow = new OneRow();
  readonly #decisions: ReadonlyMap<number, LineDecision>;

  constructor(plan: TablePlan, decisions: ReadonlyMap<number, LineDecision>) {
    this.#decisions = decisions;
    this.#extras = new ExtraTally(plan.columns);
    this.#mapper = new RowMapper(plan, this.#extras);
  }

  keyOf({ fields }: ReadLine): bigint | undefined {
    const at = fields.names.indexOf(ID);
    return at < 0 || at >= fields.count ? undefined : keyHash(fields, at);
  }

  map(read: ReadLine): MappedLine<TargetRow> {
    const mapped = this.#mapper.map(read);
    if (mapped.kind === "quarantine") return mapped;
    if (this.#decisions.size === 0 || !this.#decisions.has(read.number)) this.#extras.keep();
    return this.#oneRow.of(mapped.cells);
  }

  findings(): Findings {
    return { extra: this.#extras.counts() };
  }
}

/** Makes the rows of a MySQL table that becomes itself again. */
class OriginalRows implements LineMapper<TargetRow> {
  readonly #mapper: OriginalRowMapper;
  readonly #oneRow = new OneRow();

  constructor(plan: OriginalTablePlan) {
    this.#mapper = new OriginalRowMapper(plan);
  }

  keyOf(): undefined {
    return undefined;
  }

  map(read: ReadLine): MappedLine<TargetRow> {
    const mapped = this.#mapper.map(read);
    return mapped.kind === "quarantine" ? mapped : this.#oneRow.of(mapped.cells);
  }

  findings(): Findings {
    const { hasOddDates, hasJsonDecimals, hasEnumZeros } = this.#mapper;
    return { hasOddDates, hasJsonDecimals, hasEnumZeros };
  }
}

/** Makes the documents of a table by its rule. */
class PlannedDocuments implements LineMapper<TargetDocument> {
  readonly #mapper: DocumentMapper;

  constructor(mapper: DocumentMapper) {
    this.#mapper = mapper;
  }

  keyOf(): undefined {
    return undefined;
  }

  map(read: ReadLine): MappedLine<TargetDocument> {
    const document = this.#mapper.map(read);
    if (document.kind === "quarantine") return document;
    return { kind: "mapped", outputs: [{ target: 0, document }], remarks: [] };
  }
}
