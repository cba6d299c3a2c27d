/** The legacy packet loads (`ldabs`, `ldind`) of an skb: `bpf_skb_load_helper_8`, `_16`, `_32`. */
import type { PacketPort } from '../../vm/index.ts';
import type { SkBuff } from './sk-buff.ts';

/** SKF_NET_OFF and SKF_LL_OFF: from here on offsets count from the network header, and below from the link layer's. */
const NETWORK = -0x10_0000;
const LINK = -0x20_0000;

export class SkbLoads implements PacketPort {
  readonly #packet: SkBuff;

  constructor(packet: SkBuff) {
    this.#packet = packet;
  }

  load(offset: number, bytes: number): number | undefined {
    const { data, end, room } = this.#packet;
    const at = data + this.#fromData(offset);
    if (!(at >= room.start && at + bytes <= end)) return undefined;
    const { view } = room.memory;
    if (bytes === 1) return view.getUint8(at);
    return bytes === 2 ? view.getUint16(at, false) : view.getUint32(at, false);
  }

  /** NaN: nothing is there. */
  #fromData(offset: number): number {
    const { data, macHeader, networkHeader } = this.#packet;
    if (offset >= 0) return offset;
    if (offset >= NETWORK) return offset - NETWORK + (networkHeader - data);
    return offset >= LINK ? offset - LINK + (macHeader - data) : Number.NaN;
  }
}
