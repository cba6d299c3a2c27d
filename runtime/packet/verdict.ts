/** What packet programs return, by name, and whether the packet goes on. */
import type { ProgramTypeName } from '../../bpf/programs.ts';

export const XDP = { ABORTED: 0, DROP: 1, PASS: 2, TX: 3, REDIRECT: 4 } as const;
export const TC_ACT = {
  UNSPEC: -1,
  OK: 0,
  RECLASSIFY: 1,
  SHOT: 2,
  PIPE: 3,
  STOLEN: 4,
  QUEUED: 5,
  REPEAT: 6,
  REDIRECT: 7,
  TRAP: 8,
} as const;

/** Program types that get packets as context, and are run with captures. */
export const PACKET_TYPES = ['xdp', 'sched_cls', 'sched_act', 'socket_filter', 'cgroup_skb'] as const;
export type PacketType = (typeof PACKET_TYPES)[number];

export function isPacketType(type: ProgramTypeName | 'unspec'): type is PacketType {
  return PACKET_TYPES.some((one) => one === type);
}

export interface Verdict {
  /** `XDP_PASS`, `TC_ACT_SHOT`, `accepted`; an unknown number by itself. */
  readonly name: string;
  /** What becomes of the packet. */
  readonly fate: 'passed' | 'dropped' | 'redirected';
}

const XDP_VERDICTS: ReadonlyMap<number, Verdict> = new Map([
  [XDP.ABORTED, { name: 'XDP_ABORTED', fate: 'dropped' }],
  [XDP.DROP, { name: 'XDP_DROP', fate: 'dropped' }],
  [XDP.PASS, { name: 'XDP_PASS', fate: 'passed' }],
  [XDP.TX, { name: 'XDP_TX', fate: 'passed' }],
  [XDP.REDIRECT, { name: 'XDP_REDIRECT', fate: 'redirected' }],
]);

const TC_VERDICTS: ReadonlyMap<number, Verdict> = new Map([
  [TC_ACT.UNSPEC, { name: 'TC_ACT_UNSPEC', fate: 'passed' }],
  [TC_ACT.OK, { name: 'TC_ACT_OK', fate: 'passed' }],
  // From here on a classifier that acts directly counts as one that says nothing, where no fate of its own is told.
  [TC_ACT.RECLASSIFY, { name: 'TC_ACT_RECLASSIFY', fate: 'passed' }],
  [TC_ACT.SHOT, { name: 'TC_ACT_SHOT', fate: 'dropped' }],
  [TC_ACT.PIPE, { name: 'TC_ACT_PIPE', fate: 'passed' }],
  [TC_ACT.STOLEN, { name: 'TC_ACT_STOLEN', fate: 'dropped' }],
  [TC_ACT.QUEUED, { name: 'TC_ACT_QUEUED', fate: 'passed' }],
  [TC_ACT.REPEAT, { name: 'TC_ACT_REPEAT', fate: 'passed' }],
  [TC_ACT.REDIRECT, { name: 'TC_ACT_REDIRECT', fate: 'redirected' }],
  [TC_ACT.TRAP, { name: 'TC_ACT_TRAP', fate: 'dropped' }],
]);

const ACCEPTED: Verdict = { name: 'accepted', fate: 'passed' };
const DROPPED: Verdict = { name: 'dropped', fate: 'dropped' };

/** `result`: r0's low half, signed. */
export function verdictOf(type: PacketType, result: number): Verdict {
  switch (type) {
    case 'xdp':
      return XDP_VERDICTS.get(result) ?? unknown(result >>> 0, 'dropped');
    case 'sched_cls':
    case 'sched_act':
      return TC_VERDICTS.get(result) ?? unknown(result, 'passed');
    case 'socket_filter':
      return result === 0 ? DROPPED : ACCEPTED;
    case 'cgroup_skb':
      return (result & 1) === 0 ? DROPPED : ACCEPTED;
  }
}

/** Drivers abort on what they do not know; the classifier takes it as unspecified (`tcf_action_valid`, `sch_handle_ingress`). */
function unknown(result: number, fate: Verdict['fate']): Verdict {
  return { name: String(result), fate };
}
