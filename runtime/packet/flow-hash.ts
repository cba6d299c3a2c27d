/**
 * A hash of a packet's flow: protocol, addresses and ports, the same in both directions, never 0. The kernel's has a random
 * key, so that only equality means something; this one has none and is the same in every run.
 */
import { ETH_P } from './ethernet.ts';
import type { SkBuff } from './sk-buff.ts';

const TCP = 6;
const UDP = 17;

export function flowHash(packet: SkBuff): number {
  const { u8 } = packet.room.memory;
  const { networkHeader: at, end, protocol } = packet;
  if (protocol === ETH_P.IP && at + 20 <= end) {
    const transport = at + (u8[at]! & 15) * 4;
    return hashFlow(packet, u8[at + 9]!, at + 12, 4, transport);
  }
  if (protocol === ETH_P.IPV6 && at + 40 <= end) return hashFlow(packet, u8[at + 6]!, at + 8, 16, at + 40);
  return mix(protocol, 0) | 1;
}

/** Two addresses of `size` bytes at `addresses`; ports, where there are some, at `transport`. */
function hashFlow(
  packet: SkBuff,
  protocol: number,
  addresses: number,
  size: number,
  transport: number,
): number {
  const { u8 } = packet.room.memory;
  const hasPorts = (protocol === TCP || protocol === UDP) && transport + 4 <= packet.end;
  const side = (address: number, port: number): number => {
    let hash = 0;
    for (let index = 0; index < size; index++) hash = mix(hash, u8[address + index]!);
    return hasPorts ? mix(mix(hash, u8[port]!), u8[port + 1]!) : hash;
  };
  const [one, other] = [side(addresses, transport), side(addresses + size, transport + 2)];
  return mix(mix(protocol, Math.min(one, other)), Math.max(one, other)) | 1;
}

/** A round of murmur3. */
function mix(hash: number, value: number): number {
  const scrambled = Math.imul(value, 0xcc9e2d51);
  const rotated = (scrambled << 15) | (scrambled >>> 17);
  const next = hash ^ Math.imul(rotated, 0x1b873593);
  return (Math.imul((next << 13) | (next >>> 19), 5) + 0xe6546b64) | 0;
}
