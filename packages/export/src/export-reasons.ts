import { reasonsOf } from "@firebreak/archive";

/** The reasons in our own codes why an export ends, with their fields. */
export interface ExportReasons {
  "thread-ended": undefined;
}

export const exportReason: ReturnType<typeof reasonsOf<ExportReasons>> = reasonsOf<ExportReasons>();
