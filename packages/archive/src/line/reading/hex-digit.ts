/** The value of each byte as a lower-case hexadecimal digit; -1 for bytes that are none. */
export const HEX_DIGIT: Int8Array = new Int8Array(256).fill(-1);
for (let digit = 0; digit < 16; digit++) HEX_DIGIT[digit.toString(16).charCodeAt(0)] = digit;
