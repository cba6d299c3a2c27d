/** Helpers that give one field of the current block as it is: what generated code loads where the field's bit is set. */
import type { HelperName } from '../bpf/helpers/helper.ts';
import type { LinearAddress } from './address.ts';
import { Current, Known } from './layout.ts';

/** A helper, where the 64 bits it gives lie, and the {@link Known} bit that says they hold. */
export type CurrentField = readonly [helper: HelperName, place: LinearAddress, bit: number];

export const CURRENT_FIELDS: readonly CurrentField[] = [
  ['ktime_get_ns', Current.time, Known.time],
  ['ktime_get_boot_ns', Current.time, Known.time],
  ['get_current_pid_tgid', Current.pidTgid, Known.pidTgid],
  ['get_current_uid_gid', Current.uidGid, Known.uidGid],
  ['get_current_cgroup_id', Current.cgroup, Known.cgroup],
  ['get_current_task', Current.task, Known.task],
];
