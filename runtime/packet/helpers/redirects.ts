/** Redirection (net/core/filter.c): what a program asks for is kept; no device is there to be missing. */
import { EINVAL } from '../../../vm/errno.ts';
import { setResult } from '../../../vm/helper-port.ts';
import { entry, flagsArgument, type HelperEntry, mapArgument } from '../../../vm/helpers/arguments.ts';
import type { PacketState, SkbState, XdpState } from '../packet-state.ts';
import type { RedirectTarget } from '../redirect.ts';
import { TC_ACT, XDP } from '../verdict.ts';

const INGRESS = 1;
/** BPF_F_BROADCAST, BPF_F_EXCLUDE_INGRESS: of maps of devices alone. */
const BROADCAST = 8;
const EXCLUDE_INGRESS = 16;
/** The low bits of the flags are what to return when the map has no such entry. */
const FALLBACK = 3;
/** `sizeof(struct bpf_redir_neigh)`. */
const NEIGHBOUR_SIZE = 20;

export function skbRedirectHelpers(state: SkbState): readonly HelperEntry[] {
  return [
    entry('redirect', (r) => {
      const flags = flagsArgument(r, 2);
      const isWrong = flags < 0 || (flags & ~INGRESS) !== 0;
      setResult(r, isWrong ? TC_ACT.SHOT : redirect(state, deviceTarget(r, 1, flags), TC_ACT.REDIRECT));
    }),
    entry('redirect_peer', (r) => {
      const target = { kind: 'peer', ifindex: r[2]! >>> 0 } as const;
      setResult(r, flagsArgument(r, 2) === 0 ? redirect(state, target, TC_ACT.REDIRECT) : TC_ACT.SHOT);
    }),
    entry('redirect_neigh', (r) => {
      const target = { kind: 'neighbour', ifindex: r[2]! >>> 0 } as const;
      const size = r[6]!;
      const isWrong = (size !== 0 && size < NEIGHBOUR_SIZE) || flagsArgument(r, 4) !== 0;
      setResult(r, isWrong ? TC_ACT.SHOT : redirect(state, target, TC_ACT.REDIRECT));
    }),
    entry('clone_redirect', (r) => setResult(r, cloneRedirect(state, r))),
  ];
}

export function xdpRedirectHelpers(state: XdpState): readonly HelperEntry[] {
  return [
    entry('redirect', (r) => {
      const isWrong = flagsArgument(r, 2) !== 0;
      setResult(r, isWrong ? XDP.ABORTED : redirect(state, deviceTarget(r, 1, 0), XDP.REDIRECT));
    }),
    entry('redirect_map', (r) => setResult(r, redirectMap(state, r))),
  ];
}

function redirect(state: PacketState, target: RedirectTarget, verdict: number): number {
  state.redirect = target;
  return verdict;
}

/** Argument `n`: the device's index. */
function deviceTarget(r: Int32Array, n: number, flags: number): RedirectTarget {
  return { kind: 'device', ifindex: r[n * 2]! >>> 0, ingress: (flags & INGRESS) !== 0 };
}

/** r2 device, r3 flags: a copy of the packet goes as it is now. */
function cloneRedirect(state: SkbState, r: Int32Array): number {
  const flags = flagsArgument(r, 3);
  if (flags < 0 || (flags & ~INGRESS) !== 0) return EINVAL;
  state.copies.push({ bytes: state.packet.frame().slice(), target: deviceTarget(r, 2, flags) });
  return 0;
}

/** r1 map, r2 key, r3 flags (`__bpf_xdp_redirect_map`). */
function redirectMap(state: XdpState, r: Int32Array): number {
  const { machine } = state;
  const map = mapArgument(machine, r, 1);
  const { name, type } = map.definition;
  const ofDevices = type === 'devmap' || type === 'devmap_hash';
  const flags = flagsArgument(r, 3);
  const known = FALLBACK | (ofDevices ? BROADCAST | EXCLUDE_INGRESS : 0);
  if (flags < 0 || (flags & ~known) !== 0) return XDP.ABORTED;
  const key = r[4]! >>> 0;
  if ((flags & BROADCAST) !== 0) return redirect(state, { kind: 'map', map: name, key: 'all' }, XDP.REDIRECT);
  // The key is where programs have it: the low half of r2.
  if (map.lookup(machine.registers.byteOffset + 16, 0) === 0) {
    state.redirect = undefined;
    return flags & FALLBACK;
  }
  return redirect(state, { kind: 'map', map: name, key }, XDP.REDIRECT);
}
