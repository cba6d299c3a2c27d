/** Operations for `tc-ops.c` and `xdp-ops.c`: mostly such as mean something, and some that do not. */
import { seededRandom } from '../../fuzz/bytes.ts';

export const OPERATIONS = 8;
const SIZE = 32;

interface Operation {
  readonly kind: number;
  readonly a: number;
  readonly b?: number | bigint;
  readonly c?: number | bigint;
  readonly d?: number | bigint;
}

/** As the array `ops` has them. */
export function encodeOperations(operations: readonly Operation[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(SIZE * OPERATIONS));
  for (const [index, { kind, a, b = 0, c = 0, d = 0 }] of operations.entries()) {
    view.setUint32(index * SIZE, kind, true);
    view.setUint32(index * SIZE + 4, a, true);
    view.setBigUint64(index * SIZE + 8, BigInt.asUintN(64, BigInt(b)), true);
    view.setBigUint64(index * SIZE + 16, BigInt.asUintN(64, BigInt(c)), true);
    view.setBigUint64(index * SIZE + 24, BigInt.asUintN(64, BigInt(d)), true);
  }
  return new Uint8Array(view.buffer);
}

type Random = () => number;

export function operations(seed: number, one: (random: Random) => Operation): readonly Operation[] {
  const random = seededRandom(seed);
  return Array.from({ length: 1 + (random() % OPERATIONS) }, () => one(random));
}

function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[random() % items.length]!;
}

const offset = (random: Random): number =>
  pick(random, [
    random() % 80,
    random() % 80,
    14,
    24,
    50,
    0xffff,
    0x10000,
    0x7fffffff,
    0x80000000,
    0xfffffff0,
  ]);
const sum = (random: Random): bigint =>
  pick(random, [0n, 0xffffn, BigInt(random() & 0xffff), BigInt(random())]);
/** A flag now and then that nobody knows. */
const flags = (random: Random, known: readonly (number | bigint)[]): bigint =>
  random() % 12 === 0 ? pick(random, [0x8000n, 1n << 40n, 1n << 63n]) : BigInt(pick(random, known));

const L2_LENGTH = 56n;

export function tcOperation(random: Random): Operation {
  const kind = 1 + (random() % 22);
  switch (kind) {
    case 1:
      return { kind, a: offset(random), c: random() % 64 };
    case 2:
      return { kind, a: offset(random), b: random() % 3, c: random() % 64 };
    case 3:
      return { kind, a: offset(random), b: flags(random, [0, 0, 1, 2, 3, 4]), c: random() % 64 };
    case 4:
      return { kind, a: pick(random, [0, 14, random() % 100, 5000, 0xffffffff]) };
    case 5:
      return {
        kind,
        a: offset(random),
        b: sum(random),
        c: sum(random),
        d: flags(random, [0, 2, 4, 4, 3, 0x10]),
      };
    case 6:
      return {
        kind,
        a: offset(random),
        b: sum(random),
        c: sum(random),
        d: flags(random, [0, 2, 4, 0x12, 0x14, 0x22, 0x24, 0x34, 0x64, 0x74, 0x84, 0x20]),
      };
    case 7:
      return { kind, a: pick(random, [0x0081, 0xa888, 0x0008, 0]), b: random() & 0xffff };
    case 9:
      return {
        kind,
        a: pick(random, [0, 13, 14, 34, random() % 200, 16064, 16065, 0xffffffff]),
        b: flags(random, [0]),
      };
    case 10:
      return { kind, a: pick(random, [0, 1, 14, 40, 4000, 16064, 0xffffffff]), b: flags(random, [0]) };
    case 11:
      return { kind, a: pick(random, [0x0008, 0xdd86, 0xdd86, 0x0608]), b: flags(random, [0]) };
    case 12:
      return { kind, a: random() % 6 };
    case 13:
      return room(kind, random);
    case 14:
      return { kind, a: 0, b: pick(random, [0, 1, 1, 2, 3, 4, 1n << 32n]) };
    case 19:
      return { kind, a: random() % 4, b: flags(random, [0, 1, 2]) };
    case 20:
      return { kind, a: random() & 15, b: random() & 31, c: sum(random) };
    case 21:
      return { kind, ...mtu(random, [0, 0, 0, 1]) };
    case 22:
      return { kind, a: random() % 4, b: pick(random, [0, 0, BigInt(random()) << 20n]) };
    default:
      return { kind, a: random() };
  }
}

/** Device, a length, a difference, flags. */
function mtu(random: Random, known: readonly number[]): Omit<Operation, 'kind'> {
  const b = pick(random, [0, 0, 1500, 65_536, 65_537, random() & 0xffff]);
  const c = pick(random, [0, 0, 20, -20, 65_000, 70_000, -100_000]);
  return { a: pick(random, [0, 0, 1, 0x7fffffff]), b, c, d: flags(random, known) };
}

function room(kind: number, random: Random): Operation {
  const encapsulation = pick(random, [0, 0, 0x2, 0x4, 0x2 | 0x8, 0x4 | 0x10, 0x2 | 0x10 | 0x40, 0x6, 0x1a]);
  const decapsulation = pick(random, [0, 0, 0x80, 0x100, 0x180]);
  const inner = BigInt(pick(random, [0, 0, 14, 4, 255])) << L2_LENGTH;
  const shrinks = random() % 2 === 0;
  const by = pick(random, [0, 4, 8, 20, 40, 50, random() % 100, 0xfff, 0x1000]);
  const other = pick(random, [0, 1, 0x20, 0x21]);
  const own = shrinks ? decapsulation : encapsulation;
  const length = shrinks && random() % 8 !== 0 ? 0n : inner;
  return {
    kind,
    a: shrinks ? -by >>> 0 : by,
    b: pick(random, [0, 1, 1, 2]),
    c: flags(random, [BigInt(own | other) | length]),
  };
}

export function xdpOperation(random: Random): Operation {
  const kind = 1 + (random() % 9);
  const signed = (...values: readonly number[]): number => pick(random, values) >>> 0;
  switch (kind) {
    case 1:
      return { kind, a: signed(-4, 4, -20, 20, 14, -1, -200, -256, (random() % 400) - 200) };
    case 2:
      return { kind, a: signed(-4, 4, -14, 100, 3000, 4000, -3000, (random() % 400) - 200) };
    case 3:
      return { kind, a: signed(-4, -8, 4, -32, -256, -252, -3, 0, (random() % 64) - 60) };
    case 4:
    case 5:
      return { kind, a: offset(random), c: random() % 64 };
    case 6:
      return { kind, a: random() & 15, b: random() & 31, c: sum(random) };
    case 8:
      return { kind, ...mtu(random, [0]) };
    case 9:
      return { kind, a: random() % 6, b: flags(random, [0, 1, 2, 3, 8, 0x1a, 4]) };
    default:
      return { kind, a: random() % 4, b: flags(random, [0, 0, 1]) };
  }
}
