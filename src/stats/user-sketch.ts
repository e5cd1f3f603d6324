import type { ByteReader, ByteWriter } from './bytes';
import { estimate, REGISTER_BITS, REGISTERS } from './hyper-log-log';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const PREFIX_CHARACTERS = 4;
const PREFIX_BITS = 6 * PREFIX_CHARACTERS;
/** The bits of a prefix that stand behind the number of the register. */
const TAIL_BITS = PREFIX_BITS - REGISTER_BITS;
/** The last character that is looked at: 66 bits are. */
const LAST_CHARACTER = 10;
const RANK_BITS = 6;
const RANKS = 1 << RANK_BITS;
const HIGHEST_RANK = TAIL_BITS + 6 * (LAST_CHARACTER - PREFIX_CHARACTERS + 1) + 1;
/** Up to so many users are kept one by one; more take less room as registers. */
const MAXIMUM_FEW = 512;

/**
 * Distinct users. A few are kept as the first 24 bits of their hashes, so that they are counted exactly (two of 100
 * look alike once in 3,000 sketches); many as a HyperLogLog of 2^12 registers, with a standard error of 1.6 %.
 * Sketches merge without loss, in any order.
 */
export class UserSketch {
  /** For each user, the prefix of the hash, and its rank: prefix * RANKS + rank. */
  #few = new Set<number>();
  /** The highest rank in each register, once there are many users. */
  #registers: Uint8Array | null = null;

  /** Counts a user, by a hash as `createUserHash` gives it: uniform, base64url, at least eleven characters. */
  add(hash: string): void {
    let prefix = 0;
    for (let at = 0; at < PREFIX_CHARACTERS; at += 1) prefix = prefix * 64 + bitsOf(hash, at);
    this.#insert(prefix, rankOf(prefix) ?? rankBehind(hash));
  }

  merge(other: UserSketch): void {
    for (const user of other.#few) this.#insert(user >>> RANK_BITS, user & (RANKS - 1));
    if (other.#registers !== null) this.#mergeRegisters(other.#registers);
  }

  /** How many different users there were: exact for a few, an estimate for many. */
  count(): number {
    return this.#registers === null ? this.#few.size : Math.round(estimate(this.#registers));
  }

  /**
   * Writes the number of users, and for each the distance to the prefix before, followed by the rank where the prefix
   * does not tell it; or MAXIMUM_FEW + 1 and the registers, six bits each.
   */
  encode(writer: ByteWriter): void {
    if (this.#registers !== null) {
      writer.varint(MAXIMUM_FEW + 1);
      return writer.bytes(pack(this.#registers));
    }
    writer.varint(this.#few.size);
    let before = 0;
    for (const user of [...this.#few].sort((a, b) => a - b)) {
      const prefix = user >>> RANK_BITS;
      writer.varint(prefix - before);
      if (rankOf(prefix) === null) writer.varint(user & (RANKS - 1));
      before = prefix;
    }
  }

  /** Adds the users of an encoded sketch. Throws a RangeError if the bytes hold none. */
  mergeEncoded(reader: ByteReader): void {
    const users = reader.varint();
    if (users > MAXIMUM_FEW + 1) throw new RangeError('The bytes hold no users.');
    if (users === MAXIMUM_FEW + 1) return this.#mergeRegisters(unpack(reader.bytes((REGISTERS * 6) / 8)));
    let prefix = 0;
    for (let left = users; left > 0; left -= 1) {
      prefix += reader.varint();
      if (prefix >= 2 ** PREFIX_BITS) throw new RangeError('The bytes hold no users.');
      const rank = rankOf(prefix) ?? reader.varint();
      if (rank > HIGHEST_RANK) throw new RangeError('The bytes hold no users.');
      this.#insert(prefix, rank);
    }
  }

  #insert(prefix: number, rank: number): void {
    if (this.#registers === null) {
      this.#few.add(prefix * RANKS + rank);
      if (this.#few.size > MAXIMUM_FEW) this.#becomeMany();
    } else raise(this.#registers, prefix, rank);
  }

  #becomeMany(): Uint8Array {
    const registers = new Uint8Array(REGISTERS);
    for (const user of this.#few) raise(registers, user >>> RANK_BITS, user & (RANKS - 1));
    this.#few.clear();
    this.#registers = registers;
    return registers;
  }

  #mergeRegisters(others: Uint8Array): void {
    const registers = this.#registers ?? this.#becomeMany();
    for (let i = 0; i < REGISTERS; i += 1) {
      const other = others[i] ?? 0;
      if (other > (registers[i] ?? 0)) registers[i] = other;
    }
  }
}

function raise(registers: Uint8Array, prefix: number, rank: number): void {
  const register = prefix >>> TAIL_BITS;
  if (rank > (registers[register] ?? 0)) registers[register] = rank;
}

/** The place of the first 1 behind the register's number, counted from 1; null if it is not within the prefix. */
function rankOf(prefix: number): number | null {
  const tail = prefix & ((1 << TAIL_BITS) - 1);
  return tail === 0 ? null : Math.clz32(tail) - (32 - TAIL_BITS) + 1;
}

function rankBehind(hash: string): number {
  for (let at = PREFIX_CHARACTERS; at <= LAST_CHARACTER; at += 1) {
    const bits = bitsOf(hash, at);
    if (bits > 0) return TAIL_BITS + 6 * (at - PREFIX_CHARACTERS) + Math.clz32(bits) - (32 - 6) + 1;
  }
  return HIGHEST_RANK;
}

function bitsOf(hash: string, at: number): number {
  const bits = VALUES[hash.charCodeAt(at)] ?? -1;
  if (bits < 0) throw new RangeError('A user was not given as a hash.');
  return bits;
}

/** Six bits for each character's code; -1 where it is none of the alphabet. */
const VALUES = Int8Array.from({ length: 128 }, (_, code) => ALPHABET.indexOf(String.fromCharCode(code)));

/** Four registers of six bits in three bytes. */
function pack(registers: Uint8Array): Uint8Array {
  const bytes = new Uint8Array((REGISTERS * 6) / 8);
  for (let i = 0, at = 0; i < REGISTERS; i += 4) {
    const [a = 0, b = 0, c = 0, d = 0] = registers.subarray(i, i + 4);
    bytes[at++] = (a << 2) | (b >> 4);
    bytes[at++] = (b << 4) | (c >> 2);
    bytes[at++] = (c << 6) | d;
  }
  return bytes;
}

function unpack(bytes: Uint8Array): Uint8Array {
  const registers = new Uint8Array(REGISTERS);
  for (let at = 0, i = 0; i < REGISTERS; at += 3) {
    const three = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    registers[i++] = three >> 18;
    registers[i++] = (three >> 12) & 63;
    registers[i++] = (three >> 6) & 63;
    registers[i++] = three & 63;
  }
  return registers;
}
