/** `bpf_check_mtu` on a machine whose only device is `lo`. */
import { EINVAL, ENODEV } from '../../../vm/errno.ts';
import { setResult } from '../../../vm/helper-port.ts';
import { entry, flagsArgument, type HelperEntry, memoryArgument } from '../../../vm/helpers/arguments.ts';
import type { PacketState } from '../packet-state.ts';

const LO = 1;
const MTU = 65_536;
/** `hard_header_len` of `lo`. */
const HEADER = 14;
/** BPF_MTU_CHK_SEGS: of skbs in segments, which are none here. */
const SEGMENTS = 1;
/** BPF_MTU_CHK_RET_FRAG_NEEDED. */
const TOO_LONG = 1;

export function mtuHelper(state: PacketState): HelperEntry {
  return entry('check_mtu', (r) => setResult(r, checkMtu(state, r)));
}

/** r2 device (0: the packet's), r3 where a length of layer 3 may be and the MTU goes, r4 what will be added, r5 flags. */
function checkMtu({ machine, packet }: PacketState, r: Int32Array): number {
  const at = memoryArgument(machine, r, 3, 4, true);
  const { view } = machine.memory;
  const given = view.getUint32(at, true);
  const difference = r[8]!;
  const flags = flagsArgument(r, 5);
  const known = packet.kind === 'xdp' ? 0 : SEGMENTS;
  if (flags < 0 || (flags & ~known) !== 0) return EINVAL;
  if (flags === SEGMENTS && (difference !== 0 || given !== 0)) return EINVAL;
  const device = r[4]! >>> 0;
  if (device > LO) return ENODEV;
  const length = (given === 0 ? packet.length : given + HEADER) + difference;
  view.setUint32(at, MTU, true);
  return length <= MTU + HEADER ? 0 : TOO_LONG;
}
