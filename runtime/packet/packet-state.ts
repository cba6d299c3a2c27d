/** What the helpers of packet programs work on: the packet of the run that goes on, and what becomes of it. */
import type { Machine } from '../../vm/machine.ts';
import type { RedirectTarget } from './redirect.ts';
import type { SkBuff } from './sk-buff.ts';
import type { XdpBuffer } from './xdp-buffer.ts';

/** A copy that a program sent itself (`bpf_clone_redirect`). */
export interface SentCopy {
  readonly bytes: Uint8Array;
  readonly target: RedirectTarget;
}

export class PacketState<Packet extends SkBuff | XdpBuffer = SkBuff | XdpBuffer> {
  readonly machine: Machine;
  readonly packet: Packet;
  /** The last one asked for; counts only when the program returns so. */
  redirect: RedirectTarget | undefined;
  readonly copies: SentCopy[] = [];

  constructor(machine: Machine, packet: Packet) {
    this.machine = machine;
    this.packet = packet;
  }

  /** Before each run. */
  reset(): void {
    this.redirect = undefined;
    if (this.copies.length > 0) this.copies.length = 0;
  }
}

export type SkbState = PacketState<SkBuff>;
export type XdpState = PacketState<XdpBuffer>;
