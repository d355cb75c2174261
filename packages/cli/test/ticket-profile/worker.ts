import type { ReadLine } from "@firebreak/archive";
import type { ProfileWorker } from "@firebreak/transform";

/** Returns the content of a field that is a text. */
function textOf({ fields }: ReadLine, name: string): string | undefined {
  const i = fields.names.indexOf(name);
  return fields.kinds[i] === "string" ? fields.contents[i] : undefined;
}

/** The work of the ticket system's profile in the threads of transform. */
const worker: ProfileWorker = {
  surveyor() {
    let seen = 0;
    return {
      take: () => void seen++ as undefined,
      finish: () => ({ seen }),
    };
  },
  rowMapper(data) {
    const { prefix } = data as { readonly prefix: string };
    return {
      keyOf: () => undefined,
      map(read) {
        if (textOf(read, "state") === "closed") return { kind: "skipped", by: "closed" };
        const [number = "", title] = [textOf(read, "number"), textOf(read, "title")];
        const digits = number.startsWith(prefix) ? number.slice(prefix.length) : "";
        if (!/^[1-9]\d{0,8}$/.test(digits))
          return { kind: "quarantine", reason: "number-unreadable", field: "number" };
        return { kind: "mapped", outputs: [{ target: 0, cells: [digits, title ?? null] }], remarks: [] };
      },
    };
  },
  documentMapper() {
    throw new Error("tickets go to MySQL alone");
  },
};

export default worker;
