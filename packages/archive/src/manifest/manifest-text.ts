import { z } from "zod";
import { archiveFault, archiveReason } from "../archive-faults.ts";
import { reasonOf, type Reason } from "../reasons.ts";
import { MEMBERS_FORMAT_VERSION, MANIFEST_FORMATS, type ManifestFormat } from "./schema-parts.ts";

/**
 * Returns the value of a manifest's text. Only its format and version are checked.
 *
 * @throws {FirebreakError} `manifest-unreadable`, `format-foreign` or `format-newer`.
 */
export function parseManifest(content: Buffer, file: string, format: ManifestFormat): object {
  let value: unknown;
  try {
    value = JSON.parse(content.toString("utf8"));
  } catch (error) {
    throw archiveFault("manifest-unreadable", { file, reason: reasonOf(error) }, error);
  }
  const head = z.looseObject({ format: z.string(), formatVersion: z.number() }).safeParse(value);
  if (!head.success || head.data.format !== format) {
    const found = MANIFEST_FORMATS.find((known) => head.success && known === head.data.format);
    throw archiveFault("format-foreign", { file, expected: format, found });
  }
  if (head.data.formatVersion > MEMBERS_FORMAT_VERSION)
    throw archiveFault("format-newer", {
      file,
      found: head.data.formatVersion,
      known: MEMBERS_FORMAT_VERSION,
    });
  return head.data;
}

/** @throws {FirebreakError} `manifest-unreadable`, naming the place that does not fit the schema. */
export function checkManifest<M>(value: object, file: string, schema: z.ZodType<M>): M {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw archiveFault("manifest-unreadable", { file, reason: firstIssue(parsed.error) });
  return parsed.data;
}

function firstIssue(error: z.ZodError): Reason {
  const [issue] = error.issues;
  return issue === undefined ? archiveReason("manifest-form") : `${issue.path.join(".")}: ${issue.message}`;
}
