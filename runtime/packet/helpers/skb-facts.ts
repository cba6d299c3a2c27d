/** Helpers that tell what is known of an skb, or remember something of it; it has no socket, no route and no tunnel. */
import { EINVAL, ENOENT, EOPNOTSUPP } from '../../../vm/errno.ts';
import { setResult, setResultPair } from '../../../vm/helper-port.ts';
import { entry, type HelperEntry, memoryArgument, setPointer } from '../../../vm/helpers/arguments.ts';
import { csumAdd16 } from '../checksum.ts';
import { ETH_P } from '../ethernet.ts';
import { flowHash } from '../flow-hash.ts';
import type { SkbState } from '../packet-state.ts';
import { FIELD, type SkBuff } from '../sk-buff.ts';

/** `overflowuid`: nobody. */
const NOBODY = 65534;
/** BPF_SKB_CLOCK_*. */
const CLOCK = { realtime: 0, monotonic: 1, tai: 2 } as const;
const ECN_MASK = 3;

export function skbFactHelpers(state: SkbState): readonly HelperEntry[] {
  const { packet } = state;
  const zero = (r: Int32Array): void => setResultPair(r, 0, 0);
  return [
    entry('get_hash_recalc', (r) => {
      if (packet.hash === 0) setHash(packet, flowHash(packet));
      setResultPair(r, packet.hash, 0);
    }),
    entry('set_hash_invalid', (r) => setResult(r, setHash(packet, 0))),
    entry('set_hash', (r) => setResult(r, setHash(packet, r[4]!))),
    entry('get_socket_cookie', zero),
    entry('get_socket_uid', (r) => setResult(r, NOBODY)),
    entry('skb_under_cgroup', (r) => setResult(r, ENOENT)),
    entry('skb_cgroup_id', zero),
    entry('skb_ancestor_cgroup_id', zero),
    entry('skb_cgroup_classid', zero),
    entry('get_cgroup_classid', zero),
    entry('get_route_realm', zero),
    entry('skb_get_tunnel_key', (r) => setResult(r, noTunnel(state, r, EINVAL))),
    entry('skb_get_tunnel_opt', (r) => setResult(r, noTunnel(state, r, ENOENT))),
    entry('skb_set_tstamp', (r) => setResult(r, setTime(packet, r))),
    entry('skb_ecn_set_ce', (r) => setResult(r, markCongestion(packet))),
  ];
}

/** Helpers that look for a socket find none. */
export function socketLookupHelpers(): readonly HelperEntry[] {
  const names = ['sk_lookup_tcp', 'sk_lookup_udp', 'skc_lookup_tcp'] as const;
  return names.map((name) => entry(name, (r) => setPointer(r, 0)));
}

function setHash(packet: SkBuff, hash: number): number {
  packet.hash = hash;
  packet.tell();
  return 0;
}

/** r2 buffer, r3 its size: zeros. */
function noTunnel({ machine }: SkbState, r: Int32Array, error: number): number {
  const size = r[6]! >>> 0;
  const at = memoryArgument(machine, r, 2, size, true);
  machine.memory.u8.fill(0, at, at + size);
  return error;
}

/** r2 time, r3 clock (`bpf_skb_set_tstamp`). */
function setTime({ context, protocol, room }: SkBuff, r: Int32Array): number {
  if (protocol !== ETH_P.IP && protocol !== ETH_P.IPV6) return EOPNOTSUPP;
  const clock = r[6]!;
  const isZero = r[4] === 0 && r[5] === 0;
  if (clock !== CLOCK.realtime && clock !== CLOCK.monotonic && clock !== CLOCK.tai) return EINVAL;
  if (isZero && clock !== CLOCK.realtime) return EINVAL;
  context.set(FIELD.tstamp, r[4]!);
  context.set(FIELD.tstamp + 4, r[5]!);
  room.memory.u8[context.address + FIELD.tstampType] = clock;
  return 0;
}

/** `bpf_skb_ecn_set_ce`: 1 when the packet now says that it met congestion. */
function markCongestion(packet: SkBuff): number {
  const { networkHeader: at, end, room } = packet;
  const protocol = packet.innerProtocol();
  if (protocol === ETH_P.IP) return at + 20 <= end ? markIpv4(room.memory.view, at) : 0;
  if (protocol !== ETH_P.IPV6 || at + 40 > end) return 0;
  const { view } = room.memory;
  const ecn = (view.getUint8(at + 1) >> 4) & ECN_MASK;
  if (ecn === 0) return 0;
  view.setUint8(at + 1, view.getUint8(at + 1) | (ECN_MASK << 4));
  return 1;
}

/** RFC 3168: both bits of a capable packet; the header's checksum follows. */
function markIpv4(view: DataView, at: number): number {
  const tos = view.getUint8(at + 1);
  const ecn = tos & ECN_MASK;
  if (ecn === 0) return 0;
  if (ecn === ECN_MASK) return 1;
  // What is added to the header is taken from the checksum, which is inverted.
  const sum = csumAdd16(view.getUint16(at + 10, false), 0xffff - (ECN_MASK - ecn));
  view.setUint16(at + 10, sum, false);
  view.setUint8(at + 1, tos | ECN_MASK);
  return 1;
}
