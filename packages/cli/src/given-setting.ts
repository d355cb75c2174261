/** The place where a person gave a setting, for messages. */
export type Origin =
  | { readonly from: "flag"; readonly name: string }
  | { readonly from: "variable"; readonly name: string }
  | { readonly from: "file"; readonly name: string; readonly file: string; readonly line: number };

/** A value that a person gave, and where. */
export interface GivenSetting {
  readonly value: unknown;
  readonly origin: Origin;
}

/** Settings by the name of their flag. */
export type GivenSettings = ReadonlyMap<string, GivenSetting>;

/** Returns true if a setting was given and is not switched off. */
export function isSet(setting: GivenSetting | undefined): setting is GivenSetting {
  return setting !== undefined && setting.value !== false;
}
