/** What the system call refuses before the verifier sees the program (`bpf_prog_load`): no log tells why, an error number does. */
import { attachTypeSince, REQUIRED_ATTACH_TYPES } from '../../bpf/attach-types.ts';
import { attachTypeById, attachTypeByName } from '../../bpf/sections.ts';
import type { Environment } from '../environment.ts';
import type { VerifierMap } from '../map.ts';
import {
  attachTargetNotAllowed,
  attachTypeMismatch,
  loadFlagUnknown,
  loadInvalid,
  loadNotPermitted,
  programSize,
  programTypeUnknown,
} from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';

/** Flags of `prog_flags` by the release that knows them. */
const FLAGS = [
  [0x1, '4.12'], // STRICT_ALIGNMENT
  [0x2, '5.0'], // ANY_ALIGNMENT
  [0x4, '5.3'], // TEST_RND_HI32
  [0x8, '5.6'], // TEST_STATE_FREQ
  [0x10, '5.10'], // SLEEPABLE
  [0x20, '5.18'], // XDP_HAS_FRAGS
  [0x40, '6.3'], // XDP_DEV_BOUND_ONLY
  [0x80, '6.8'], // TEST_REG_INVARIANTS
  [0x1_0000, '6.9'], // TOKEN_FD
] as const;

/** Types that may load without capabilities. */
const UNPRIVILEGED: ReadonlySet<string> = new Set(['socket_filter', 'cgroup_skb']);

/** Types whose program may name a type it attaches to. */
const WITH_TARGET: ReadonlySet<string> = new Set(['tracing', 'lsm', 'struct_ops', 'ext']);

/** @throws Rejection */
export function checkLoadAttributes(env: Environment): void {
  checkFlags(env);
  checkSize(env);
  checkMaps(env);
  if (!env.privileged && !UNPRIVILEGED.has(env.type.name)) throw loadNotPermitted({});
  checkAttachment(env);
  if (!env.atLeast(env.type.since)) throw programTypeUnknown({ type: env.type.name });
}

function checkFlags(env: Environment): void {
  let left = (env.input.flags ?? 0) | (env.input.sleepable ? 0x10 : 0);
  for (const [flag, since] of FLAGS) if (env.atLeast(since)) left &= ~flag;
  if (left !== 0) throw loadFlagUnknown({ flags: `0x${(left >>> 0).toString(16)}` });
}

function checkSize(env: Environment): void {
  if (env.input.bytes.length % 8 !== 0) throw loadInvalid({});
  const count = env.insns.length;
  const limit = env.privileged ? env.profile.limits.instructions : 4096;
  if (count === 0 || count > limit) throw programSize({ count, limit });
}

/** Maps that cannot be made: what a program may do with them nobody knows. */
function checkMaps({ maps }: Environment): void {
  for (const map of maps) {
    if (!hasTypes(map) || (map.innerMap !== undefined && !hasTypes(map.innerMap))) {
      throw unsupported('a map of types that are not in its table');
    }
    if (map.innerMap?.innerMap !== undefined) throw unsupported('a map of maps of maps');
  }
}

function hasTypes({ types, btf }: VerifierMap): boolean {
  return types === undefined || btf === undefined || (btf.key < types.end && btf.value < types.end);
}

/** `bpf_prog_load_check_attach` */
function checkAttachment(env: Environment): void {
  const { type, attachType, input } = env;
  const target = input.attachTo;
  if (target !== undefined && !WITH_TARGET.has(type.name)) throw attachTargetNotAllowed({ type: type.name });
  const required = REQUIRED_ATTACH_TYPES[type.name];
  if (required === undefined) return;
  const name = attachTypeByName(attachType);
  const none = name === attachTypeById(0);
  const known = name !== undefined && (none || env.atLeast(attachTypeSince(name)));
  // Before they had attach types of their own, types took none.
  if (none && required.every((one) => !env.atLeast(attachTypeSince(one)))) return;
  if (!known || !required.includes(name)) throw attachTypeMismatch({ type: type.name, attachType });
}
