/** Captures made byte by byte. */

export function bytesOf(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

interface PcapOptions {
  readonly littleEndian?: boolean;
  readonly magic?: number;
  readonly version?: readonly [number, number];
  readonly linkType?: number;
}

interface PcapPacket {
  readonly time: readonly [number, number];
  readonly data: readonly number[];
  /** What the record says, when that is not true. */
  readonly length?: number;
  readonly original?: number;
}

function numbers(
  littleEndian: boolean,
  values: readonly (readonly [size: 2 | 4, value: number])[],
): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.reduce((sum, [size]) => sum + size, 0)));
  let at = 0;
  for (const [size, value] of values) {
    if (size === 2) view.setUint16(at, value, littleEndian);
    else view.setUint32(at, value, littleEndian);
    at += size;
  }
  return new Uint8Array(view.buffer);
}

export function pcapOf(options: PcapOptions, packets: readonly PcapPacket[]): Uint8Array {
  const { littleEndian = true, magic = 0xa1b23c4d, version = [2, 4], linkType = 1 } = options;
  const [major, minor] = version;
  const header = numbers(littleEndian, [
    [4, magic],
    [2, major],
    [2, minor],
    [4, 0],
    [4, 0],
    [4, 65535],
    [4, linkType],
  ]);
  const records = packets.flatMap(({ time: [seconds, fraction], data, length, original }) => [
    numbers(littleEndian, [
      [4, seconds],
      [4, fraction],
      [4, length ?? data.length],
      [4, original ?? data.length],
    ]),
    data,
  ]);
  return bytesOf(header, ...records);
}

/** A block with its frame; the body is filled up to four bytes. */
export function pcapngBlock(littleEndian: boolean, type: number, body: readonly number[]): Uint8Array {
  const padding = new Array<number>(-body.length & 3).fill(0);
  const length = 12 + body.length + padding.length;
  const frame = numbers(littleEndian, [
    [4, type],
    [4, length],
  ]);
  return bytesOf(frame, body, padding, frame.subarray(4));
}

export function pcapngSection(littleEndian: boolean): Uint8Array {
  const body = numbers(littleEndian, [
    [4, 0x1a2b3c4d],
    [2, 1],
    [2, 0],
    [4, 0xffffffff],
    [4, 0xffffffff],
  ]);
  return pcapngBlock(littleEndian, 0x0a0d0d0a, [...body]);
}

export function pcapngInterface(
  littleEndian: boolean,
  linkType: number,
  snapLength = 0,
  options: readonly (readonly [code: number, value: readonly number[]])[] = [],
): Uint8Array {
  const head = numbers(littleEndian, [
    [2, linkType],
    [2, 0],
    [4, snapLength],
  ]);
  const written = options.flatMap(([code, value]) => [
    ...numbers(littleEndian, [
      [2, code],
      [2, value.length],
    ]),
    ...value,
    ...new Array<number>(-value.length & 3).fill(0),
  ]);
  return pcapngBlock(littleEndian, 1, [...head, ...written]);
}

export function pcapngPacket(
  littleEndian: boolean,
  index: number,
  ticks: bigint,
  data: readonly number[],
  original: number,
): Uint8Array {
  const head = numbers(littleEndian, [
    [4, index],
    [4, Number(ticks >> 32n)],
    [4, Number(ticks & 0xffff_ffffn)],
    [4, data.length],
    [4, original],
  ]);
  return pcapngBlock(littleEndian, 6, [...head, ...data]);
}
