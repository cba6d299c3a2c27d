/** Counts verdicts and redirects of packets, one by one. */

import type { RedirectCount, VerdictCount } from './packet-report.ts';
import type { PacketState } from './packet-state.ts';
import { redirectText } from './redirect.ts';
import { type PacketType, type Verdict, verdictOf } from './verdict.ts';

interface MutableCount {
  readonly verdict: Verdict;
  packets: number;
  bytes: number;
}

export class PacketTally {
  readonly #type: PacketType;
  readonly #verdicts = new Map<string, MutableCount>();
  readonly #redirects = new Map<string, number>();

  constructor(type: PacketType) {
    this.#type = type;
  }

  /** Counts a run; what leaves are the bytes given, views of memory, in order: copies first. `length`: as it came. */
  add(result: number, length: number, state: PacketState): readonly Uint8Array[] {
    const verdict = verdictOf(this.#type, result);
    const kept = this.#type === 'socket_filter' ? Math.min(result >>> 0, length) : length;
    const count = this.#verdicts.get(verdict.name) ?? { verdict, packets: 0, bytes: 0 };
    this.#verdicts.set(verdict.name, count);
    count.packets++;
    count.bytes += verdict.name === 'accepted' ? kept : length;
    for (const { target } of state.copies) this.#redirect(redirectText(target));
    const leaves = state.copies.map(({ bytes }) => bytes);
    if (verdict.fate === 'redirected') {
      this.#redirect(state.redirect === undefined ? 'nowhere' : redirectText(state.redirect));
    }
    const goes = verdict.fate === 'passed' || (verdict.fate === 'redirected' && state.redirect !== undefined);
    return goes
      ? [...leaves, leavingBytes(state).subarray(0, this.#type === 'socket_filter' ? kept : undefined)]
      : leaves;
  }

  #redirect(target: string): void {
    this.#redirects.set(target, (this.#redirects.get(target) ?? 0) + 1);
  }

  get verdicts(): readonly VerdictCount[] {
    return [...this.#verdicts.values()]
      .sort((a, b) => b.packets - a.packets)
      .map(({ verdict: { name }, packets, bytes }) => ({ name, packets, bytes }));
  }

  get redirects(): readonly RedirectCount[] {
    return [...this.#redirects].map(([target, packets]) => ({ target, packets }));
  }
}

/** A packet as it would be on the wire: with the VLAN tag that lies beside it. */
function leavingBytes({ packet }: PacketState): Uint8Array {
  return packet.kind === 'xdp' ? packet.bytes() : packet.wireBytes();
}
