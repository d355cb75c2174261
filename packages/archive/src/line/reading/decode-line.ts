import { isUtf8 } from "node:buffer";
import { LineBuffer } from "../line-buffer.ts";
import { archiveReason } from "../../archive-faults.ts";
import { ReasonError } from "../../reasons.ts";
import { LineCursor } from "./line-cursor.ts";
import { MAX_DEPTH, WRAPPER_NAMES } from "../tokens.ts";
import { NameTree, type NameNode } from "../writing/name-tree.ts";
import { readBase64 } from "./read-base64.ts";
import { NO_WRAPPER, readText, readWrapped, readZeroEnded } from "./read-wrapped.ts";
import * as T from "../tokens.ts";
import { writeInteger } from "../writing/write-number.ts";

const QUOTE = 0x22;
const DOLLAR = 0x24;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const LETTER_C = 0x63;

/**
 * Reads lines back as BSON documents: the other half of `LineEncoder`.
 *
 * It accepts exactly the lines of FORMAT.md, each in the one spelling that the encoder writes. So a line that
 * decodes is the line of its document (or a raw line, which any document may have). It shares no reading code
 * with the encoder, so that a line that gives its document back proves the encoder right.
 */
export class LineDecoder {
  readonly out: LineBuffer = new LineBuffer();
  readonly #line = new LineCursor();
  readonly #names = new NameTree();

  /**
   * Appends the document of the line in [start, end), which is without its newline.
   *
   * @throws Error with the fault and its byte; `out` is then as before.
   */
  decode(source: Buffer, start: number, end: number): void {
    const { out } = this;
    const line = this.#line;
    const before = out.at;
    let isSound = false;
    line.open(source, start, end);
    try {
      if (line.take(T.RAW)) this.#raw();
      else if (source[start] === OPEN_BRACE) this.#document(this.#names.first, 0);
      else line.fail("token-missing", line.at, "{");
      if (line.at > end) line.fail("more-missing", end);
      if (line.at < end) line.fail("more");
      if (!line.isAscii && !isUtf8(source.subarray(start, end)))
        throw new ReasonError(archiveReason("not-utf8"));
      isSound = true;
    } finally {
      if (!isSound) out.at = before;
    }
  }

  #raw(): void {
    const { out } = this;
    const line = this.#line;
    const from = out.at;
    readBase64(line, out);
    line.expect(T.END_END);
    const length = out.at - from;
    if (length < 5 || out.bytes.readInt32LE(from) !== length) line.fail("document-length", line.at, length);
  }

  /** @param before the node before its first name. */
  #document(before: NameNode, depth: number): void {
    const { out } = this;
    const line = this.#line;
    const { source } = line;
    const from = this.#open(depth);
    let name = before;
    if (source[line.at] === CLOSE_BRACE) line.at++;
    else
      for (;;) {
        out.reserve(1);
        const typeAt = out.at++;
        name = this.#name(name);
        const type = this.#value(name, depth);
        out.bytes[typeAt] = type;
        const next = source[line.at++];
        if (next === CLOSE_BRACE) break;
        if (next !== COMMA) line.fail("comma-or-brace-missing", line.at - 1);
      }
    this.#close(from);
  }

  /** Writes an array's names "0", "1", …, which the line does not have. */
  #array(name: NameNode, depth: number): void {
    const { out } = this;
    const line = this.#line;
    const { source } = line;
    const from = this.#open(depth);
    if (source[line.at] === CLOSE_BRACKET) line.at++;
    else
      for (let index = 0; ; index++) {
        out.reserve(1);
        const typeAt = out.at++;
        writeInteger(out, index);
        out.byte(0);
        const type = this.#value(name, depth);
        out.bytes[typeAt] = type;
        const next = source[line.at++];
        if (next === CLOSE_BRACKET) break;
        if (next !== COMMA) line.fail("comma-or-bracket-missing", line.at - 1);
      }
    this.#close(from);
  }

  #open(depth: number): number {
    if (depth > MAX_DEPTH) this.#line.fail("levels", this.#line.at, MAX_DEPTH);
    this.#line.at++;
    const from = this.out.at;
    this.out.int32(0);
    return from;
  }

  #close(from: number): void {
    this.out.byte(0);
    this.out.int32At(from, this.out.at - from);
  }

  #name(before: NameNode): NameNode {
    const { out } = this;
    const line: LineCursor = this.#line;
    const { source, at: lineAt } = line;
    const known = this.#names.find(before, source, lineAt);
    if (known !== undefined) {
      line.at = lineAt + known.from.length;
      out.put(known.to);
      return known;
    }
    const outAt = out.at;
    readZeroEnded(line, out);
    if (source[line.at++] !== COLON) line.fail("colon-missing", line.at - 1);
    if (!line.isAscii && !isUtf8(source.subarray(lineAt, line.at))) line.fail("name-not-utf8", lineAt);
    if (out.bytes[outAt] === DOLLAR && WRAPPER_NAMES.has(out.bytes.toString("latin1", outAt, out.at - 1)))
      line.fail("name-of-type", lineAt);
    const name = this.#names.add(before, source.toString("latin1", lineAt, line.at));
    if (name === undefined) line.fail("name-twice", lineAt);
    if (name.isKept) name.keep(source.subarray(lineAt, line.at), out.bytes.subarray(outAt, out.at));
    return name;
  }

  /** Writes the next value; returns its type. Types: the BSON specification, version 1.1. */
  #value(name: NameNode, depth: number): number {
    const { out } = this;
    const line: LineCursor = this.#line;
    const { source, at } = line;
    switch (source[at]) {
      case QUOTE:
        readText(line, out);
        return 0x02;
      case OPEN_BRACE: {
        if (source[at + 2] === DOLLAR) {
          const isCode = source[at + 3] === LETTER_C;
          const type = isCode ? this.#code(name, depth) : readWrapped(line, out);
          if (type !== NO_WRAPPER) return type;
        }
        this.#document(name.inside, depth + 1);
        return 0x03;
      }
      case OPEN_BRACKET:
        this.#array(name, depth + 1);
        return 0x04;
      case 0x66: // f
        line.expect(T.FALSE);
        out.byte(0);
        return 0x08;
      case 0x74: // t
        line.expect(T.TRUE);
        out.byte(1);
        return 0x08;
      case 0x6e: // n
        line.expect(T.NULL);
        return 0x0a;
      default:
        line.fail("value-missing");
    }
  }

  #code(name: NameNode, depth: number): number {
    const { out } = this;
    const line: LineCursor = this.#line;
    if (!line.take(T.CODE)) return NO_WRAPPER;
    const from = out.at;
    readText(line, out);
    if (line.take(T.CLOSE)) return 0x0d;
    line.expect(T.SCOPE);
    if (line.source[line.at] !== OPEN_BRACE) line.fail("token-missing", line.at, "{");
    // The length of the whole comes first, but only here is it known to be needed.
    out.reserve(4);
    out.bytes.copyWithin(from + 4, from, out.at);
    out.at += 4;
    this.#document(name.inside, depth + 1);
    line.expect(T.CLOSE);
    out.int32At(from, out.at - from);
    return 0x0f;
  }
}
