/**
 * Reading SSH's wire format (RFC 4251 section 5), where bytes.js writes it: what is short, long or padded otherwise is refused.
 */

import { concat, fromUtf8 } from "./bytes.js";
import { Refusal } from "./errors.js";

export class Wire {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = concat(bytes);
    this.at = 0;
  }

  /** @param {number} count @returns {Uint8Array<ArrayBuffer>} */
  take(count) {
    if (this.at + count > this.bytes.length) throw new Refusal("wire.short");
    this.at += count;
    return this.bytes.slice(this.at - count, this.at);
  }

  /** @returns {number} */
  number() {
    return new DataView(this.take(4).buffer).getUint32(0);
  }

  /** @returns {Uint8Array<ArrayBuffer>} */
  string() {
    return this.take(this.number());
  }

  /** @returns {string} */
  text() {
    return fromUtf8(this.string());
  }

  /** A positive mpint as the 32 bytes that WebCrypto wants. @returns {Uint8Array<ArrayBuffer>} */
  scalar() {
    const bytes = this.string();
    const padded = bytes.length > 1 && bytes[0] === 0 && bytes[1] >= 0x80;
    if (bytes.length === 0 || bytes[0] >= 0x80 || (bytes[0] === 0 && !padded)) throw new Refusal("wire.mpint");
    const digits = padded ? bytes.slice(1) : bytes;
    if (digits.length > 32) throw new Refusal("wire.mpint");
    return concat(new Uint8Array(32 - digits.length), digits);
  }

  end() {
    if (this.at !== this.bytes.length) throw new Refusal("wire.long");
  }
}
