/** Helpers that make an skb longer or shorter (net/core/filter.c). */
import { EALREADY, EFAULT, EINVAL, ENOTSUPP } from '../../../vm/errno.ts';
import { setResult } from '../../../vm/helper-port.ts';
import { entry, flagsArgument, type HelperEntry } from '../../../vm/helpers/arguments.ts';
import { ETH_HLEN, ETH_P, PACKET, swap16 } from '../ethernet.ts';
import type { SkbState } from '../packet-state.ts';
import { SKB_MAX_LEN, type SkBuff } from '../sk-buff.ts';

const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
/** `enum bpf_adj_room_mode`. */
const MODE = { net: 0, mac: 1 } as const;
/** BPF_F_ADJ_ROOM_*. */
const FIXED_GSO = 0x1;
const ENCAP_IPV4 = 0x2;
const ENCAP_IPV6 = 0x4;
const ENCAP_L3: number = ENCAP_IPV4 | ENCAP_IPV6;
const ENCAP_GRE = 0x8;
const ENCAP_UDP = 0x10;
const NO_CSUM_RESET = 0x20;
const ENCAP_ETH = 0x40;
const DECAP_IPV4 = 0x80;
const DECAP_IPV6 = 0x100;
const DECAP_L3: number = DECAP_IPV4 | DECAP_IPV6;
/** The inner link layer's length is in the flags' upper byte: of 64 bits. */
const KNOWN: number = FIXED_GSO | ENCAP_L3 | ENCAP_GRE | ENCAP_UDP | NO_CSUM_RESET | ENCAP_ETH | DECAP_L3;
const LARGEST_DIFFERENCE = 0xfff;

export function skbRoomHelpers(state: SkbState): readonly HelperEntry[] {
  const { packet } = state;
  const change =
    (work: (packet: SkBuff, r: Int32Array) => number) =>
    (r: Int32Array): void => {
      const result = work(packet, r);
      packet.tell();
      setResult(r, result);
    };
  return [
    entry('skb_change_tail', change(changeTail)),
    entry('skb_change_head', change(changeHead)),
    entry('skb_change_proto', change(changeProtocol)),
    entry('skb_change_type', change(changeType)),
    entry('skb_adjust_room', change(adjustRoom)),
  ];
}

/** r2 length, r3 flags: nothing before the innermost header known is cut. */
function changeTail(packet: SkBuff, r: Int32Array): number {
  const length = r[4]! >>> 0;
  if (flagsArgument(r, 3) !== 0 || length > SKB_MAX_LEN || length < leastLength(packet)) return EINVAL;
  if (packet.isEncapsulated) return ENOTSUPP;
  packet.resize(length);
  return 0;
}

/** `__bpf_skb_min_len`. */
function leastLength({ data, networkHeader, transportOffset }: SkBuff): number {
  if (transportOffset !== undefined && transportOffset > 0) return transportOffset;
  return Math.max(0, networkHeader - data);
}

/** r2 bytes of zeros to put before, r3 flags: the link layer begins there from now on. */
function changeHead(packet: SkBuff, r: Int32Array): number {
  const room = r[4]! >>> 0;
  if (flagsArgument(r, 3) !== 0 || packet.length + room > SKB_MAX_LEN) return EINVAL;
  const problem = packet.push(room);
  if (problem !== 0) return problem;
  packet.room.memory.u8.fill(0, packet.data, packet.data + room);
  packet.macHeader = packet.data;
  packet.countMac();
  return 0;
}

/** r2 protocol in network order, r3 flags: makes room for an IPv6 header in the place of IPv4's, or the other way. */
function changeProtocol(packet: SkBuff, r: Int32Array): number {
  if (flagsArgument(r, 3) !== 0) return EINVAL;
  const to = swap16(r[4]!);
  const offset = packet.networkHeader - packet.macHeader;
  const isUp = packet.protocol === ETH_P.IP && to === ETH_P.IPV6;
  if (!isUp && !(packet.protocol === ETH_P.IPV6 && to === ETH_P.IP)) return ENOTSUPP;
  const length = IPV6_HEADER - IPV4_HEADER;
  const problem = isUp ? packet.pushNetwork(offset, length) : packet.popNetwork(offset, length);
  if (problem !== 0) return problem;
  packet.protocol = to;
  packet.hash = 0;
  return 0;
}

/** r2 one of the types below PACKET_LOOPBACK. */
function changeType(packet: SkBuff, r: Int32Array): number {
  const type = r[4]! >>> 0;
  if (packet.packetType > PACKET.OTHERHOST || type > PACKET.OTHERHOST) return EINVAL;
  packet.packetType = type;
  return 0;
}

/** r2 difference, r3 mode, r4 flags (`bpf_skb_adjust_room`). */
function adjustRoom(packet: SkBuff, r: Int32Array): number {
  const difference = r[4]!;
  const bytes = Math.abs(difference);
  const [flags, high] = [r[8]!, r[9]!];
  // Of the upper half only the byte of the inner link layer's length may be set.
  if ((flags & ~KNOWN) !== 0 || (high & 0x00ff_ffff) !== 0) return EINVAL;
  if (bytes > LARGEST_DIFFERENCE) return EFAULT;
  const base = baseLength(packet);
  if (base === undefined) return ENOTSUPP;
  const mode = r[6]! >>> 0;
  if (mode !== MODE.net && mode !== MODE.mac) return ENOTSUPP;
  const shrinks = difference < 0;
  const least = leastAfter(base, flags, shrinks);
  if (least < 0) return least;
  if (!fits(packet, bytes, least, shrinks)) return ENOTSUPP;
  const offset = packet.networkHeader - packet.macHeader + (mode === MODE.net ? base : 0);
  const result = shrinks
    ? shrink(packet, offset, bytes, flags | (high === 0 ? 0 : ENCAP_ETH))
    : grow(packet, offset, bytes, flags, high >>> 24);
  if (result === 0 && (flags & NO_CSUM_RESET) === 0) packet.resetChecksum();
  return result;
}

/** `bpf_skb_net_base_len`; undefined: neither IPv4 nor IPv6. */
function baseLength({ protocol }: SkBuff): number | undefined {
  if (protocol === ETH_P.IP) return IPV4_HEADER;
  return protocol === ETH_P.IPV6 ? IPV6_HEADER : undefined;
}

/** Bytes that must be left of the network layer on. */
function leastAfter(base: number, flags: number, shrinks: boolean): number {
  const decap = flags & DECAP_L3;
  if (decap === 0) return base;
  if (!shrinks || decap === DECAP_L3) return EINVAL;
  return decap === DECAP_IPV4 ? IPV4_HEADER : IPV6_HEADER;
}

function fits(packet: SkBuff, bytes: number, least: number, shrinks: boolean): boolean {
  if (!shrinks) return packet.length + bytes <= SKB_MAX_LEN;
  const now = packet.end - packet.networkHeader;
  return bytes < now && now - bytes >= least;
}

/** `bpf_skb_net_shrink`. */
function shrink(packet: SkBuff, offset: number, bytes: number, flags: number): number {
  if ((flags & ~(FIXED_GSO | DECAP_L3 | NO_CSUM_RESET)) !== 0) return EINVAL;
  const result = packet.popNetwork(offset, bytes);
  if (result !== 0) return result;
  if (packet.protocol === ETH_P.IP && (flags & DECAP_IPV6) !== 0) packet.protocol = ETH_P.IPV6;
  else if (packet.protocol === ETH_P.IPV6 && (flags & DECAP_IPV4) !== 0) packet.protocol = ETH_P.IP;
  return 0;
}

/** `bpf_skb_net_grow`: `inner` is the inner link layer's length. */
function grow(packet: SkBuff, offset: number, bytes: number, flags: number, inner: number): number {
  const encapsulates = (flags & ENCAP_L3) !== 0;
  const problem = encapsulates ? encapsulationProblem(packet, bytes, flags, inner) : 0;
  if (problem !== 0) return problem;
  const macLength = packet.networkHeader - packet.macHeader;
  const result = packet.pushNetwork(offset, bytes);
  if (result !== 0 || !encapsulates) return result;
  packet.isEncapsulated = true;
  packet.networkHeader = packet.data + macLength;
  if ((flags & (ENCAP_GRE | ENCAP_UDP)) !== 0) {
    const header = (flags & ENCAP_IPV6) !== 0 ? IPV6_HEADER : IPV4_HEADER;
    packet.transportOffset = macLength + header;
  }
  packet.protocol = (flags & ENCAP_IPV6) !== 0 ? ETH_P.IPV6 : ETH_P.IP;
  return 0;
}

function encapsulationProblem(packet: SkBuff, bytes: number, flags: number, inner: number): number {
  if ((flags & ENCAP_L3) === ENCAP_L3) return EINVAL;
  if ((flags & ENCAP_GRE) !== 0 && (flags & ENCAP_UDP) !== 0) return EINVAL;
  if ((flags & ENCAP_ETH) !== 0 && inner < ETH_HLEN) return EINVAL;
  if (packet.isEncapsulated) return EALREADY;
  return inner > bytes ? EINVAL : 0;
}
