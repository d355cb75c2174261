import { profileFault } from "../profile-faults.ts";
import type { PrivateForm } from "../target/private-target.ts";
import { readRetention, type Retention } from "../retention.ts";
import { ZoneClock } from "./zone-clock.ts";

/** The user's options. Undefined values are detected, or read from the site's files. */
export interface ProfileOptions {
  /** `zone`: the zone of the server's JVM. */
  readonly jvmZone: ZoneClock | undefined;
  /** `serverTimezone`: the zone in the JDBC url. */
  readonly jdbcZone: ZoneClock | undefined;
  /** `sessionTimezone`: the zone of the MySQL server's sessions. */
  readonly sessionZone: ZoneClock | undefined;
  readonly privateForm: PrivateForm | undefined;
  readonly retention: Retention;
  /**
   * Decides about all other tables and collections: with `hybrid` they stay where they are, with `mongodb`
   * they go over too.
   */
  readonly scheme: "hybrid" | "mongodb";
  /** `fields`: the path of a mapping file, see `readFieldNames`. */
  readonly fieldsFile: string | undefined;
  /** The options as the user gave them. */
  readonly given: Readonly<Record<string, string>>;
}

const OPTIONS = [
  "zone",
  "serverTimezone",
  "sessionTimezone",
  "privateTarget",
  "retention",
  "scheme",
  "fields",
] as const;

/**
 * Reads `--profile-option` values, `key=value` each. If a key occurs twice, the last one counts.
 *
 * @throws {FirebreakError} `profile-option-invalid` for an unknown key or value, `zone-unknown`.
 */
export function readProfileOptions(options: readonly string[]): ProfileOptions {
  const values = new Map<string, string>();
  for (const option of options) {
    const [, key = option, value = ""] = /^([^=]*)=([\s\S]*)$/.exec(option) ?? [];
    if (!OPTIONS.some((known) => known === key) || value === "")
      throw profileFault("profile-option-invalid", { option: key, value, allowed: OPTIONS.join(", ") });
    values.set(key, value);
  }
  const clock = (key: (typeof OPTIONS)[number]): ZoneClock | undefined => {
    const zone = values.get(key);
    return zone === undefined ? undefined : new ZoneClock(zone);
  };
  return {
    jvmZone: clock("zone"),
    jdbcZone: clock("serverTimezone"),
    sessionZone: clock("sessionTimezone"),
    privateForm: privateFormOf(values.get("privateTarget") ?? "detect"),
    retention: readRetention(values.get("retention") ?? "3y-1d"),
    scheme: schemeOf(values.get("scheme") ?? "hybrid"),
    fieldsFile: values.get("fields"),
    given: Object.fromEntries(values),
  };
}

function schemeOf(value: string): ProfileOptions["scheme"] {
  if (value === "hybrid" || value === "mongodb") return value;
  throw profileFault("profile-option-invalid", { option: "scheme", value, allowed: "hybrid, mongodb" });
}

function privateFormOf(value: string): PrivateForm | undefined {
  if (value === "plain" || value === "pair") return value;
  if (value === "detect") return undefined;
  throw profileFault("profile-option-invalid", {
    option: "privateTarget",
    value,
    allowed: "plain, pair, detect",
  });
}
