/**
 * `struct xdp_buff`: a frame as a driver hands it to an XDP program, laid out as `BPF_PROG_TEST_RUN` lays it out, in a page
 * that begins with head room and ends with what will become `skb_shared_info`. Frames that do not fit such a page get a
 * larger one in one piece, where the kernel would chain fragments.
 */

import type { LinearAddress } from '../../vm/address.ts';
import { EACCES, EINVAL } from '../../vm/errno.ts';
import { ContextBlock } from './context-block.ts';
import type { PacketRoom } from './packet-room.ts';

/** XDP_PACKET_HEADROOM. */
export const XDP_HEADROOM = 256;
const PAGE = 4096;
/** `sizeof(struct skb_shared_info)`, in whole cache lines. */
export const SHARED_INFO = 320;
/** `sizeof(struct xdp_frame)`: kept free at the start of the head room. */
const FRAME_STRUCT = 40;
const ETH_HLEN = 14;
/** Bytes of metadata that a frame may have: one byte counts them. */
const LARGEST_META = 255;

const FIELD = { ingressIfindex: 12, rxQueueIndex: 16 } as const;

/** What a room needs for frames of at most `largest` bytes. */
export function xdpRoomSize(largest: number): number {
  return Math.max(PAGE, XDP_HEADROOM + largest + SHARED_INFO);
}

export class XdpBuffer {
  readonly kind = 'xdp';
  readonly room: PacketRoom;
  readonly context: ContextBlock;
  data: LinearAddress;
  dataEnd: LinearAddress;
  dataMeta: LinearAddress;
  /** Where the tail room ends. */
  #hardEnd: LinearAddress;
  /** Head room from here on may be dirty. */
  #lowest: LinearAddress;

  constructor(room: PacketRoom) {
    this.room = room;
    this.context = new ContextBlock(room.memory, 'xdp_md');
    this.#hardEnd = room.start + PAGE - SHARED_INFO;
    this.data = room.start + XDP_HEADROOM;
    this.dataEnd = this.data;
    this.dataMeta = this.data;
    this.#lowest = this.data;
  }

  /** Puts a frame, in head room of zeros, received on device 1 (`lo` in the kernel's test runs). */
  begin(frame: Uint8Array): void {
    const { u8 } = this.room.memory;
    const data = this.room.start + XDP_HEADROOM;
    if (this.#lowest < data) u8.fill(0, this.#lowest, data);
    this.#lowest = data;
    u8.set(frame, data);
    this.context.set(FIELD.ingressIfindex, 1);
    this.context.set(FIELD.rxQueueIndex, 0);
    this.data = data;
    this.dataMeta = data;
    this.dataEnd = data + frame.length;
    this.#hardEnd = Math.max(this.room.start + PAGE - SHARED_INFO, this.dataEnd);
    this.#tell();
  }

  /** Bytes of the frame now, without metadata. */
  get length(): number {
    return this.dataEnd - this.data;
  }

  /** The frame as it is now; a view that the next frame overwrites. */
  bytes(): Uint8Array {
    return this.room.memory.bytes(this.data, this.length);
  }

  /** What `BPF_PROG_TEST_RUN` gives back: metadata too. */
  testBytes(): Uint8Array {
    return this.room.memory.bytes(this.dataMeta, this.dataEnd - this.dataMeta);
  }

  /** `bpf_xdp_adjust_head`: metadata moves along. */
  adjustHead(offset: number): number {
    const metaLength = this.data - this.dataMeta;
    const data = this.data + offset;
    if (data < this.room.start + FRAME_STRUCT + metaLength || data > this.dataEnd - ETH_HLEN) return EINVAL;
    const meta = this.dataMeta + offset;
    if (metaLength > 0) this.room.memory.u8.copyWithin(meta, this.dataMeta, this.data);
    this.data = data;
    this.dataMeta = meta;
    this.#tell();
    return 0;
  }

  /** `bpf_xdp_adjust_tail`: what is new is zero. */
  adjustTail(offset: number): number {
    const end = this.dataEnd + offset;
    if (end > this.#hardEnd || end < this.data + ETH_HLEN) return EINVAL;
    if (offset > 0) this.room.memory.u8.fill(0, this.dataEnd, end);
    this.dataEnd = end;
    this.#tell();
    return 0;
  }

  /** `bpf_xdp_adjust_meta`. */
  adjustMeta(offset: number): number {
    const meta = this.dataMeta + offset;
    if (meta < this.room.start + FRAME_STRUCT || meta > this.data) return EINVAL;
    const length = this.data - meta;
    if ((length & 3) !== 0 || length > LARGEST_META) return EACCES;
    this.dataMeta = meta;
    this.#tell();
    return 0;
  }

  #tell(): void {
    if (this.dataMeta < this.#lowest) this.#lowest = this.dataMeta;
    this.context.setPointers(this.data, this.dataEnd, this.dataMeta);
    this.room.show(this.dataMeta, this.dataEnd);
  }
}
