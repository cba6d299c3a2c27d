/** Frames: sound ones of several protocols, cut ones, random ones. */
import { seededRandom } from '../../fuzz/bytes.ts';

const ETHERNET = 14;

export function frames(seed: number, count: number): readonly Uint8Array[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => frame(random));
}

type Random = () => number;

function frame(random: Random): Uint8Array {
  const type = pick(random, [0x0800, 0x0800, 0x0800, 0x86dd, 0x86dd, 0x8100, 0x8100, 0x88a8, 0x0806, 46]);
  const body = bodyOf(type, random);
  const least = type === 0x0800 ? 20 : type === 0x86dd ? 40 : 0;
  // The kernel takes no frame whose IP header is cut.
  const cut = random() % 4 === 0 ? body.slice(0, Math.max(least, random() % (body.length + 1))) : body;
  return new Uint8Array([...address(random), ...address(random), type >> 8, type & 0xff, ...cut]).slice(
    0,
    ETHERNET + 3000,
  );
}

function address(random: Random): readonly number[] {
  switch (random() % 5) {
    case 0:
      return [0, 0, 0, 0, 0, 0];
    case 1:
      return [255, 255, 255, 255, 255, 255];
    case 2:
      return [1, 0, 94, ...bytes(random, 3)];
    default:
      return [2, ...bytes(random, 5)];
  }
}

function bodyOf(type: number, random: Random): readonly number[] {
  switch (type) {
    case 0x0800:
      return ipv4(random);
    case 0x86dd:
      return ipv6(random);
    case 0x8100:
    case 0x88a8: {
      const inner = pick(random, [0x0800, 0x86dd, 0x8100, 0x88a8, 40]);
      const next =
        inner === 0x8100 || inner === 0x88a8 ? [0, 7, 8, 0, ...ipv4(random)] : bodyOf(inner, random);
      return [...bytes(random, 2), inner >> 8, inner & 0xff, ...next];
    }
    default:
      return bytes(random, random() % 200);
  }
}

function ipv4(random: Random): readonly number[] {
  const protocol = pick(random, [6, 17, 1]);
  const fragment = random() % 8 === 0 ? [0x20, 0x10] : [0x40, 0];
  const payload = transport(protocol, random);
  const length = 20 + payload.length;
  const header = [0x45, random() & 0xff, length >> 8, length & 0xff, 0, 1, ...fragment, 64, protocol];
  return [...header, ...bytes(random, 2), 10, 0, 0, random() & 7, 10, 0, 0, random() & 7, ...payload];
}

function ipv6(random: Random): readonly number[] {
  const protocol = pick(random, [6, 17, 58]);
  const payload = transport(protocol, random);
  const side = (): readonly number[] => [0x20, 1, 0xd, 0xb8, ...bytes(random, 11), random() & 7];
  const head = [0x60 | (random() & 15), random() & 0xff, 0, 0, payload.length >> 8, payload.length & 0xff];
  return [...head, protocol, 64, ...side(), ...side(), ...payload];
}

function transport(protocol: number, random: Random): readonly number[] {
  const ports = [0, pick(random, [53, 80, 22]), 0, pick(random, [53, 80, 22])];
  const rest = bytes(random, random() % 60);
  if (protocol === 17)
    return [
      ...ports,
      0,
      8 + rest.length,
      ...pick(random, [
        [0, 0],
        [0x12, 0x34],
      ]),
      ...rest,
    ];
  return [...ports, ...bytes(random, 16), ...rest];
}

function bytes(random: Random, count: number): readonly number[] {
  return Array.from({ length: count }, () => random() & 0xff);
}

function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[random() % items.length]!;
}
