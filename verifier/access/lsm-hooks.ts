/** What hooks of the security modules return (`bpf_lsm_get_retval_range`). */
import type { Environment } from '../environment.ts';
import { Bounds } from '../value/bounds.ts';
import { Int64 } from '../value/int64.ts';
import { Scalar } from '../value/scalar.ts';
import type { AttachTarget } from './attach-target.ts';

/** Largest error number (`MAX_ERRNO`). */
const MAX_ERROR = 4095;

/** Hooks that answer yes or no. */
const YES_OR_NO: readonly string[] = [
  'bpf_lsm_xfrm_state_pol_flow_match',
  'bpf_lsm_audit_rule_known',
  'bpf_lsm_inode_xattr_skipcap',
];

/** Null: nothing is known; before 6.12 nothing ever is. */
export function lsmReturnRange(env: Environment, { name, prototype }: AttachTarget): Scalar | null {
  if (!env.atLeast('6.12') || prototype.returns === 0) return null;
  return YES_OR_NO.includes(name) ? signedRange(0, 1) : signedRange(-MAX_ERROR, 0);
}

function signedRange(min: number, max: number): Scalar {
  const bounds = new Bounds(Scalar.UNKNOWN);
  bounds.smin = Int64.fromNumber(min);
  bounds.smax = Int64.fromNumber(max);
  bounds.s32min = min;
  bounds.s32max = max;
  return bounds.synced();
}
