/**
 * pcapng (draft-ietf-opsawg-pcapng): sections of blocks, each
 *
 *     | type:4 | total length:4 | body | total length:4 |
 *
 * Read are section headers, interface descriptions and packets (enhanced, simple, and the old ones of type 2); blocks of all
 * other types are passed over.
 */
import { ByteReader } from '../../bpf/byte-reader.ts';
import { type Capture, type CapturedPacket, LARGEST_PACKET } from './capture.ts';

const BLOCK = { section: 0x0a0d_0d0a, interface: 1, oldPacket: 2, simplePacket: 3, packet: 6 } as const;
const BYTE_ORDER = 0x1a2b_3c4d;
/** Type and both lengths. */
const FRAME = 12;
const OPTION = { end: 0, timeResolution: 9, timeOffset: 14 } as const;
const NS_PER_SECOND = 1_000_000_000n;

interface Interface {
  readonly linkType: number;
  /** 0: unlimited. */
  readonly snapLength: number;
  readonly ticksPerSecond: bigint;
  /** Seconds to add to all times. */
  readonly offset: bigint;
}

export function isPcapng(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 10 && bytes[1] === 13 && bytes[2] === 13 && bytes[3] === 10;
}

/** A file for which {@link isPcapng} holds. @throws FormatError */
export function readPcapng(bytes: Uint8Array): Capture {
  return new Sections(bytes).read();
}

class Sections {
  readonly #bytes: Uint8Array;
  #littleEndian = true;
  /** Of the section that is read. */
  #interfaces: Interface[] = [];
  #linkType: number | undefined;
  readonly #packets: CapturedPacket[] = [];

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(): Capture {
    const warnings: string[] = [];
    for (let at = 0; at < this.#bytes.length; ) {
      const length = this.#block(at);
      if (length === undefined) {
        warnings.push(`the file breaks off at byte ${this.#bytes.length}, within the block at byte ${at}`);
        break;
      }
      at += length;
    }
    return { format: 'pcapng', packets: this.#packets, linkType: this.#linkType, warnings };
  }

  #reader(start: number, length: number): ByteReader {
    return new ByteReader(this.#bytes.subarray(start, start + length), this.#littleEndian, 'pcapng', start);
  }

  /** Reads the block at `at`; its length, or undefined when the file ends before it does. */
  #block(at: number): number | undefined {
    const left = this.#bytes.length - at;
    if (left < FRAME) return undefined;
    if (isPcapng(this.#bytes.subarray(at))) this.#littleEndian = this.#order(at);
    const head = this.#reader(at, left);
    const type = head.u32('a block');
    const length = head.u32('a length');
    if (length < FRAME || length % 4 !== 0) head.fail(`no block has ${length} bytes`, 4);
    if (length > left) return undefined;
    head.seek(length - 4, 'a length');
    const again = head.u32('a length');
    if (again !== length) head.fail(`a block of ${length} bytes ends as one of ${again}`, length - 4);
    this.#body(type, this.#reader(at + 8, length - FRAME));
    return length;
  }

  /** A section tells its byte order itself. */
  #order(at: number): boolean {
    const reader = new ByteReader(this.#bytes.subarray(at), true, 'pcapng', at);
    reader.skip(8, 'a section');
    const magic = reader.u32('the byte order');
    if (magic === BYTE_ORDER) return true;
    if (magic === 0x4d3c_2b1a) return false;
    return reader.fail('a section tells no byte order', 8);
  }

  #body(type: number, body: ByteReader): void {
    if (type === BLOCK.section) this.#section(body);
    else if (type === BLOCK.interface) this.#interface(body);
    else if (type === BLOCK.simplePacket) this.#simplePacket(body);
    else if (type === BLOCK.packet || type === BLOCK.oldPacket)
      this.#timedPacket(body, type === BLOCK.oldPacket);
  }

  #section(body: ByteReader): void {
    body.skip(4, 'the byte order');
    const [major, minor] = [body.u16('the version'), body.u16('the version')];
    if (major !== 1) body.fail(`version ${major}.${minor} is not known: only 1.x is`, 4);
    this.#interfaces = [];
  }

  #interface(body: ByteReader): void {
    const linkType = body.u16('a link type');
    body.skip(2, 'an interface');
    const snapLength = body.u32('a snap length');
    this.#linkType ??= linkType;
    this.#interfaces.push({ linkType, snapLength, ...readTimeOptions(body) });
  }

  #interfaceOf(index: number, body: ByteReader): Interface {
    const found = this.#interfaces[index];
    return (
      found ?? body.fail(`a packet is of interface ${index}, and there are ${this.#interfaces.length}`, 0)
    );
  }

  #timedPacket(body: ByteReader, isOld: boolean): void {
    const index = isOld ? body.u16('an interface') : body.u32('an interface');
    if (isOld) body.skip(2, 'a count of lost packets');
    const { linkType, ticksPerSecond, offset } = this.#interfaceOf(index, body);
    const high = BigInt(body.u32('a time'));
    const time = (high << 32n) | BigInt(body.u32('a time'));
    const length = body.u32('a length');
    if (length > LARGEST_PACKET) body.fail(`no packet has ${length} bytes`, body.position - 4);
    const originalLength = body.u32('a length');
    const data = body.take(length, 'a packet');
    const seconds = Number(time / ticksPerSecond + offset);
    const nanoseconds = Number(((time % ticksPerSecond) * NS_PER_SECOND) / ticksPerSecond);
    this.#packets.push({ data, originalLength, seconds, nanoseconds, linkType });
  }

  #simplePacket(body: ByteReader): void {
    const { linkType, snapLength } = this.#interfaceOf(0, body);
    const originalLength = body.u32('a length');
    const kept = snapLength === 0 ? originalLength : Math.min(originalLength, snapLength);
    const length = Math.min(kept, body.remaining);
    if (length > LARGEST_PACKET) body.fail(`no packet has ${length} bytes`, 0);
    const data = body.take(length, 'a packet');
    this.#packets.push({ data, originalLength, seconds: 0, nanoseconds: 0, linkType });
  }
}

/** Options: | code:2 | length:2 | value, filled up to four bytes |. Without any, times are microseconds. */
function readTimeOptions(body: ByteReader): Pick<Interface, 'ticksPerSecond' | 'offset'> {
  let ticksPerSecond = 1_000_000n;
  let offset = 0n;
  while (body.remaining >= 4) {
    const code = body.u16('an option');
    const length = body.u16('an option');
    if (code === OPTION.end) break;
    const start = body.position;
    const value = body.take(length, 'an option');
    body.skip(Math.min(-length & 3, body.remaining), 'an option');
    if (code === OPTION.timeResolution && length === 1) ticksPerSecond = resolution(value[0]!, body, start);
    if (code === OPTION.timeOffset && length === 8) {
      const view = new DataView(value.buffer, value.byteOffset, 8);
      offset = view.getBigInt64(0, body.littleEndian);
    }
  }
  return { ticksPerSecond, offset };
}

/** A power of ten, or with the upper bit set of two. */
function resolution(value: number, body: ByteReader, at: number): bigint {
  const exponent = value & 0x7f;
  const isBinary = (value & 0x80) !== 0;
  if (exponent > (isBinary ? 63 : 19)) body.fail(`times have a resolution of ${value}`, at);
  return (isBinary ? 2n : 10n) ** BigInt(exponent);
}
