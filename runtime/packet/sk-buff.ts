/**
 * `struct sk_buff` as far as programs can tell: bytes in one piece, the places of the headers, and what lies beside the bytes.
 * All places are linear addresses. What programs may write (mark, priority, cb, ...) lives in the context alone.
 *
 * It begins as in a test run of the kernel (`bpf_prog_test_run_skb`): received on `lo`, device 1, with no socket.
 */

import type { LinearAddress } from '../../vm/address.ts';
import { ENOMEM } from '../../vm/errno.ts';
import { ContextBlock } from './context-block.ts';
import {
  ADDRESSES,
  ETH_HLEN,
  ETH_P,
  isVlan,
  packetType,
  protocolAt,
  rawProtocol,
  swap16,
  VLAN_HLEN,
} from './ethernet.ts';
import type { PacketRoom } from './packet-room.ts';

/** Offsets in `struct __sk_buff`. */
export const FIELD = {
  len: 0,
  pktType: 4,
  mark: 8,
  queueMapping: 12,
  protocol: 16,
  vlanPresent: 20,
  vlanTci: 24,
  vlanProto: 28,
  ifindex: 40,
  hash: 68,
  family: 88,
  remoteIp4: 92,
  localIp4: 96,
  remoteIp6: 100,
  localIp6: 116,
  tstamp: 152,
  wireLen: 160,
  tstampType: 180,
} as const;

/** SKB_MAX_ALLOC: four pages without `skb_shared_info`. What helpers grow a packet to at most. */
export const SKB_MAX_LEN: number = 4 * 4096 - 320;
/** The kernel makes head room when it is needed; here it is there: as much as packets grow to, and VLAN tags. */
const HEADROOM = 32_768;

/** NET_SKB_PAD: what a received packet has before it, and the step in which that grows. */
const KERNEL_HEADROOM = 64;
const UNSET = 0xffff;
const AF_INET = 2;
const AF_INET6 = 10;
const VLAN_MAX_DEPTH = 8;

export const CHECKSUM = { none: 0, unnecessary: 1 } as const;

/** What a room needs for packets of at most `largest` bytes. */
export function skbRoomSize(largest: number): number {
  return HEADROOM + Math.max(largest, SKB_MAX_LEN) + SKB_MAX_LEN;
}

/** Where packets begin for the program: at the link layer, or after it. */
export type SkbStart = 'link' | 'network';

export class SkBuff {
  readonly kind = 'skb';
  readonly room: PacketRoom;
  readonly context: ContextBlock;
  data: LinearAddress = 0;
  end: LinearAddress = 0;
  macHeader: LinearAddress = 0;
  networkHeader: LinearAddress = 0;
  /**
   * Bytes of the transport header from the head, in 16 bits, as the kernel counts them all. Where it was never set it is
   * all ones, and looks as if it were set once the head room has grown.
   */
  #transport = UNSET;
  /** Where the kernel's head room would begin. */
  #head: LinearAddress = 0;
  /** What lies after it was never written. */
  #highest: LinearAddress = 0;
  /** `skb->mac_len`: what the link layer's header had when it was last counted; 0: never. */
  macLength = 0;
  /** Host order. */
  protocol = 0;
  packetType = 0;
  /** The tag beside the bytes: TCI in host order, or -1. */
  vlanTci = -1;
  vlanProtocol = 0;
  /** 0: not known. */
  hash = 0;
  isEncapsulated = false;
  checksum: number = CHECKSUM.none;
  checksumLevel = 0;

  constructor(room: PacketRoom) {
    this.room = room;
    this.context = new ContextBlock(room.memory, '__sk_buff');
  }

  /** Puts a frame that begins with an Ethernet header, of 14 bytes at least. */
  beginFrame(frame: Uint8Array, start: SkbStart): void {
    this.#place(frame, ETH_HLEN);
    this.protocol = protocolAt(frame, ETH_HLEN - 2);
    this.packetType = packetType(frame);
    if (start === 'network') this.data = this.networkHeader;
    this.#begin();
    if (start === 'network') this.#tellSocket();
  }

  /** Puts a packet that has no link layer. */
  beginRaw(packet: Uint8Array): void {
    this.#place(packet, 0);
    this.protocol = rawProtocol(packet);
    this.packetType = 0;
    this.#begin();
  }

  #place(bytes: Uint8Array, linkLength: number): void {
    const data = this.room.start + HEADROOM;
    this.room.memory.u8.set(bytes, data);
    this.data = data;
    this.end = data + bytes.length;
    this.macHeader = data;
    this.networkHeader = data + linkLength;
    this.#transport = UNSET;
    this.#head = data - KERNEL_HEADROOM;
    // What some helpers move in from behind the packet is zero.
    if (this.end < this.#highest) this.room.memory.u8.fill(0, this.end, this.#highest);
    this.#highest = this.end;
    this.macLength = 0;
    this.vlanTci = -1;
    this.hash = 0;
    this.isEncapsulated = false;
    this.checksum = CHECKSUM.none;
    this.checksumLevel = 0;
  }

  #begin(): void {
    const { context } = this;
    context.clear();
    context.set(FIELD.ifindex, 1);
    context.set(FIELD.wireLen, this.length);
    this.tell();
  }

  /** The socket of a test run has the packet's addresses: its source is the local one. */
  #tellSocket(): void {
    const { context, networkHeader: at } = this;
    const { view } = this.room.memory;
    const isIpv4 = this.protocol === ETH_P.IP && this.end - at >= 20;
    if (isIpv4) {
      context.set(FIELD.family, AF_INET);
      context.set(FIELD.localIp4, view.getInt32(at + 12, true));
      context.set(FIELD.remoteIp4, view.getInt32(at + 16, true));
    } else if (this.protocol === ETH_P.IPV6 && this.end - at >= 40) {
      context.set(FIELD.family, AF_INET6);
      for (let word = 0; word < 16; word += 4) {
        context.set(FIELD.localIp6 + word, view.getInt32(at + 8 + word, true));
        context.set(FIELD.remoteIp6 + word, view.getInt32(at + 24 + word, true));
      }
    }
  }

  get length(): number {
    return this.end - this.data;
  }

  /** The packet as the program left it; a view that the next one overwrites. */
  bytes(): Uint8Array {
    return this.room.memory.bytes(this.data, this.length);
  }

  /** From the link layer on. */
  frame(): Uint8Array {
    const start = Math.min(this.macHeader, this.data);
    return this.room.memory.bytes(start, this.end - start);
  }

  /** As it would be on the wire: with the tag that lies beside the bytes. */
  wireBytes(): Uint8Array {
    const frame = this.frame();
    if (this.vlanTci < 0 || frame.length < ADDRESSES) return frame;
    const bytes = new Uint8Array(frame.length + VLAN_HLEN);
    bytes.set(frame.subarray(0, ADDRESSES));
    bytes.set(frame.subarray(ADDRESSES), ADDRESSES + VLAN_HLEN);
    const view = new DataView(bytes.buffer);
    view.setUint16(ADDRESSES, this.vlanProtocol, false);
    view.setUint16(ADDRESSES + 2, this.vlanTci, false);
    return bytes;
  }

  /** Makes the context tell what is now; every helper that changes something ends with it. */
  tell(): void {
    const { context } = this;
    context.set(FIELD.len, this.length);
    context.set(FIELD.pktType, this.packetType);
    context.set(FIELD.protocol, swap16(this.protocol));
    context.set(FIELD.hash, this.hash);
    const hasTag = this.vlanTci >= 0;
    context.set(FIELD.vlanPresent, hasTag ? 1 : 0);
    context.set(FIELD.vlanTci, hasTag ? this.vlanTci : 0);
    context.set(FIELD.vlanProto, hasTag ? swap16(this.vlanProtocol) : 0);
    if (this.end > this.#highest) this.#highest = this.end;
    context.setPointers(this.data, this.end, this.data);
    this.room.show(this.data, this.end);
  }

  /** `skb_ensure_writable`: are there so many bytes? */
  has(bytes: number): boolean {
    return bytes <= this.length;
  }

  /** `skb_cow` and `skb_push`: `length` bytes before the data, not cleared. */
  push(length: number): number {
    if (this.data - length < this.room.start) return ENOMEM;
    const missing = length - (this.data - this.#head);
    if (missing > 0) {
      const more = Math.ceil(missing / KERNEL_HEADROOM) * KERNEL_HEADROOM;
      this.#head -= more;
      this.#transport = (this.#transport + more) & 0xffff;
    }
    this.data -= length;
    return 0;
  }

  /** Bytes of the transport header from the data; undefined: not set. */
  get transportOffset(): number | undefined {
    return this.#transport === UNSET ? undefined : this.#head + this.#transport - this.data;
  }

  set transportOffset(offset: number) {
    this.#transport = (this.data + offset - this.#head) & 0xffff;
  }

  /** `bpf_skb_net_hdr_push`: `length` zero bytes after the first `offset`, which move down with both headers. */
  pushNetwork(offset: number, length: number): number {
    if (this.push(length) !== 0) return ENOMEM;
    const { u8 } = this.room.memory;
    u8.copyWithin(this.data, this.data + length, this.data + length + offset);
    u8.fill(0, this.data + offset, this.data + offset + length);
    this.#moveHeaders(-length);
    return 0;
  }

  /** `bpf_skb_net_hdr_pop`: takes `length` bytes after the first `offset`. */
  popNetwork(offset: number, length: number): number {
    if (!this.has(offset + length)) return ENOMEM;
    const { u8 } = this.room.memory;
    u8.copyWithin(this.data + length, this.data, this.data + offset);
    this.data += length;
    this.#moveHeaders(length);
    return 0;
  }

  #moveHeaders(distance: number): void {
    const together = this.#head + this.#transport === this.networkHeader;
    this.macHeader += distance;
    this.networkHeader += distance;
    if (together) this.#transport = this.networkHeader - this.#head;
  }

  /** `skb_reset_mac_len`. */
  countMac(): void {
    this.macLength = this.networkHeader - this.macHeader;
  }

  /** `skb_protocol` without the VLAN tags in the bytes; 0 where they go on too long. */
  innerProtocol(): number {
    let { protocol } = this;
    let at = this.macHeader + (this.macLength > 0 ? this.macLength - VLAN_HLEN : ETH_HLEN);
    for (let depth = 1; isVlan(protocol); depth++) {
      if (at + VLAN_HLEN > this.end || depth === VLAN_MAX_DEPTH) return 0;
      protocol = this.room.memory.view.getUint16(at + 2, false);
      at += VLAN_HLEN;
    }
    return protocol;
  }

  /** Grows with zeros, or shrinks. */
  resize(length: number): void {
    const end = this.data + length;
    if (end > this.end) this.room.memory.u8.fill(0, this.end, end);
    this.end = end;
  }

  /** `__skb_reset_checksum_unnecessary`. */
  resetChecksum(): void {
    this.checksum = CHECKSUM.none;
    this.checksumLevel = 0;
  }
}
