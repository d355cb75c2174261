import { decimalParts, plainDecimal, scaleOf, type Fields } from "@firebreak/archive";

const HALVES = new Uint32Array(2);
const WORD = new BigUint64Array(HALVES.buffer);

/**
 * Returns a hash of 64 bits of a key, as its halves, the lower one first. They are valid until the next call.
 * Keys that are equal in MySQL have equal hashes. Equal hashes only cause a second look at the keys. The hash
 * is not cryptographic: a forged collision only costs another look.
 */
export function hashHalves(fields: Fields, i: number): Uint32Array {
  hashInto(hashText(fields, i), HALVES);
  return HALVES;
}

/** Returns the hash of a key as one number. */
export function keyHash(fields: Fields, i: number): bigint {
  hashInto(hashText(fields, i), HALVES);
  return WORD[0]!;
}

/** Returns a text that is the same for all keys that may be equal in a column. One number has many types. */
function hashText(fields: Fields, i: number): string {
  const content = fields.contents[i]!;
  switch (fields.kinds[i]!) {
    case "int32":
    case "int64":
      return content;
    case "double": {
      const value = Number(content);
      return Number.isInteger(value) ? String(BigInt(value)) : String(value);
    }
    case "decimal": {
      const parts = decimalParts(content);
      // No column holds huge exponents. Their text would have thousands of zeros.
      return parts === undefined || Math.abs(parts.exponent) > 70
        ? fields.text(i)
        : plainDecimal(parts, scaleOf(parts));
    }
    default:
      return fields.text(i);
  }
}

/** Hashes UTF-16 units in two lanes of multiply and xor. The final mix makes every bit count. */
function hashInto(text: string, words: Uint32Array): void {
  let a = 0x9e3779b9 ^ text.length;
  let b = 0x85ebca6b;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995);
    b = (b << 13) | (b >>> 19);
  }
  words[0] = finish(a ^ (b >>> 7));
  words[1] = finish(b ^ Math.imul(a, 0xcc9e2d51));
}

function finish(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
