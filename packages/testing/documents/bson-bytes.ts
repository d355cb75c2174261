/** An element as it stands in a document: type, name, value. The name is bytes, for it need not be text. */
export function element(type: number, name: Buffer | string, ...value: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([type]), Buffer.from(name), Buffer.alloc(1), ...value]);
}

export function documentOf(elements: readonly Buffer[]): Buffer {
  const body = Buffer.concat(elements);
  return Buffer.concat([int32(body.length + 5), body, Buffer.alloc(1)]);
}

/** The bytes of a BSON string: length, text, zero. */
export function stringOf(text: Buffer | string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([int32(bytes.length + 1), bytes, Buffer.alloc(1)]);
}

export function binaryOf(subType: number, bytes: Buffer): Buffer {
  return Buffer.concat([int32(bytes.length), Buffer.from([subType]), bytes]);
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

/** Documents in a document, each the value of `a`; `levels` of them below the outermost. */
export function nested(levels: number): Buffer {
  let inner = documentOf([]);
  for (let level = 0; level < levels; level++) inner = documentOf([element(0x03, "a", inner)]);
  return inner;
}
