import { doubleText } from "@firebreak/archive";
import { BYTES_MARK, type CellForm } from "./row-hash.ts";

/**
 * Returns the cell, in byte text, for a value's canonical bytes: the same that a part has, except for the
 * spelling of numbers.
 */
export function cellOf(bytes: Buffer | null, form: CellForm): string | null {
  if (bytes === null) return null;
  switch (form) {
    case "text":
    case "member":
      return bytes.toString("latin1");
    case "binary":
      return bytes.toString("base64");
    case "double":
      return doubleText(bytes.readDoubleLE());
    case "mixed": {
      const content = bytes.subarray(1);
      const isBytes = bytes.toString("latin1", 0, 1) === BYTES_MARK;
      return isBytes ? `${BYTES_MARK}${content.toString("base64")}` : bytes.toString("latin1");
    }
  }
}
