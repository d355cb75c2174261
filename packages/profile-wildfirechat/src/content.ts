/** What the server combines every byte of a body with, where a site has its messages encrypted. */
const XOR = 0xbd;
/** The key of field 1 as a varint, which a body begins with. */
const FIELD_1 = 0x08;

/** How a body is kept. `other` is not a message's content that begins with field 1. */
export type BodyForm = "plain" | "xor" | "empty" | "other";

export interface Content {
  readonly form: BodyForm;
  /** Field 1, a signed 32-bit integer; undefined where there is none or it is cut. */
  readonly type: bigint | undefined;
}

/** What the first bytes of a message's `_data` say of it. Nothing else of a body is ever read. */
export function contentOf(data: Uint8Array): Content {
  if (data.length === 0) return { form: "empty", type: undefined };
  if (data[0] === FIELD_1) return { form: "plain", type: varint(data, 0) };
  if (data[0] === (FIELD_1 ^ XOR)) return { form: "xor", type: varint(data, XOR) };
  return { form: "other", type: undefined };
}

/** The varint behind the first byte: at most ten bytes, of which an int32 takes the low 32 bits. */
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
