/** The order of map keys: integers by signed value, strings bytewise, tuples element by element. */
import { type Cell, readNumber, readString } from './read.ts';

/** Negative, zero or positive; kinds without an order compare equal. */
export function compareCells(a: Cell, b: Cell): number {
  const type = a.type;
  switch (type.kind) {
    case 'integer':
    case 'boolean':
    case 'pointer':
    case 'timestamp':
    case 'ksym':
    case 'usym':
      return compareBigints(BigInt.asIntN(64, readNumber(a)), BigInt.asIntN(64, readNumber(b)));
    case 'string':
      return compareBytes(readString(a).text, readString(b).text);
    case 'tuple':
      for (const element of type.elements) {
        const left = { type: element.type, bytes: a.bytes, offset: a.offset + element.offset };
        const right = { type: element.type, bytes: b.bytes, offset: b.offset + element.offset };
        const order = compareCells(left, right);
        if (order !== 0) return order;
      }
      return 0;
    default:
      return compareBytes(
        a.bytes.subarray(a.offset, a.offset + type.size),
        b.bytes.subarray(b.offset, b.offset + type.size),
      );
  }
}

function compareBigints(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const order = a[index]! - b[index]!;
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
