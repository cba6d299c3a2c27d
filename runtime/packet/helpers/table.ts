/** The helpers of packet programs, by the type of their context. */

import type { HelperTable } from '../../../vm/helper-port.ts';
import { setResult } from '../../../vm/helper-port.ts';
import { entry, type HelperEntry } from '../../../vm/helpers/arguments.ts';
import { perfOutput } from '../../../vm/helpers/output.ts';
import type { PacketState, SkbState, XdpState } from '../packet-state.ts';
import { csumDiffHelper, skbChecksumHelpers } from './checksums.ts';
import { fibHelper } from './fib.ts';
import { mtuHelper } from './mtu.ts';
import { skbRedirectHelpers, xdpRedirectHelpers } from './redirects.ts';
import { skbByteHelpers } from './skb-bytes.ts';
import { skbFactHelpers, socketLookupHelpers } from './skb-facts.ts';
import { skbRoomHelpers } from './skb-room.ts';
import { skbVlanHelpers } from './skb-vlan.ts';
import { xdpHelpers } from './xdp.ts';

export function skbHelpers(state: SkbState): HelperTable {
  return new Map([
    ...commonHelpers(state),
    ...skbByteHelpers(state),
    ...skbChecksumHelpers(state),
    ...skbRoomHelpers(state),
    ...skbVlanHelpers(state),
    ...skbFactHelpers(state),
    ...skbRedirectHelpers(state),
  ]);
}

export function xdpProgramHelpers(state: XdpState): HelperTable {
  return new Map([...commonHelpers(state), ...xdpHelpers(state), ...xdpRedirectHelpers(state)]);
}

function commonHelpers(state: PacketState): readonly HelperEntry[] {
  const { machine, packet } = state;
  const bytes = (length: number): number => (length <= packet.length ? packet.data : 0);
  return [
    csumDiffHelper(machine),
    fibHelper(machine),
    mtuHelper(state),
    ...socketLookupHelpers(),
    entry('perf_event_output', (r) => setResult(r, perfOutput(machine, r, bytes))),
  ];
}
