import { z } from "zod";
import { ReasonError, reasonOf } from "@firebreak/archive";
import { profileFault, profileReason } from "../profile-faults.ts";

const name = z.string().min(1);

const messageNames = z.strictObject({
  id: name.default("_id"),
  from: name.default("_from"),
  type: name.default("_type"),
  target: name.default("_target"),
  line: name.default("_line"),
  data: name.default("_data"),
  searchableKey: name.default("_searchable_key"),
  dt: name.default("_dt"),
  contentType: name.default("_content_type"),
  to: name.default("_to"),
  /** Fields that are left out. The report counts them. */
  ignored: z.array(name).default([]),
});

const userMessageNames = z.strictObject({
  id: name.default("_id"),
  mid: name.default("_mid"),
  uid: name.default("_uid"),
  seq: name.default("_seq"),
  createTime: name.default("_createTime"),
  type: name.default("_type"),
  line: name.default("_line"),
  target: name.default("_target"),
  directing: name.default("_directing"),
  contentType: name.default("_cont_type"),
  ignored: z.array(name).default([]),
});

/** The names of the fields in a hybrid's documents. A site's file has only the names that differ. */
export const fieldNamesSchema = z.strictObject({
  messages: messageNames.prefault({}),
  userMessages: userMessageNames.prefault({}),
});

export type FieldNames = z.infer<typeof fieldNamesSchema>;

/** The layout of 2019, which was seen in public. Fields that came later have the names of MySQL's columns. */
export const DEFAULT_FIELD_NAMES: FieldNames = fieldNamesSchema.parse({});

/**
 * Reads a mapping file's JSON text.
 *
 * @throws {FirebreakError} `profile-file-invalid` if it is no such file, or gives the same name to two
 * fields.
 */
export function readFieldNames(text: string): FieldNames {
  try {
    const names = fieldNamesSchema.parse(JSON.parse(text));
    for (const [part, { ignored, ...fields }] of Object.entries(names)) {
      const all = [...Object.values(fields), ...ignored];
      const twice = all.find((field, i) => all.indexOf(field) !== i);
      if (twice !== undefined)
        throw new ReasonError(profileReason("field-name-twice", { part, field: twice }));
    }
    return names;
  } catch (error) {
    throw profileFault("profile-file-invalid", { what: "field-names", reason: reasonOf(error) }, error);
  }
}
