/** The value that the server combines with every byte of a body on a site with encrypted messages. */
const XOR = 0xbd;
/** The key of field 1 as a varint, the first byte of a body. */
const FIELD_1 = 0x08;

/** The form of a body. `other` means that it does not begin with field 1, as a message's content does. */
export type BodyForm = "plain" | "xor" | "empty" | "other";

export interface Content {
  readonly form: BodyForm;
  /** Field 1, a signed 32-bit integer. Undefined if it is missing or cut. */
  readonly type: bigint | undefined;
}

/** Reads form and type from the first bytes of a message's `_data`. Nothing else of a body is ever read. */
export function contentOf(data: Uint8Array): Content {
  if (data.length === 0) return { form: "empty", type: undefined };
  if (data[0] === FIELD_1) return { form: "plain", type: varint(data, 0) };
  if (data[0] === (FIELD_1 ^ XOR)) return { form: "xor", type: varint(data, XOR) };
  return { form: "other", type: undefined };
}

/** Reads the varint after the first byte: at most ten bytes. An int32 is its low 32 bits. */
function varint(data: Uint8Array, mask: number): bigint | undefined {
  let value = 0n;
  for (let i = 1; i <= 10; i++) {
    const byte = data[i];
    if (byte === undefined) return undefined;
    value |= BigInt((byte ^ mask) & 0x7f) << BigInt(7 * (i - 1));
    if (((byte ^ mask) & 0x80) === 0) return BigInt.asIntN(32, value);
  }
  return undefined;
}
