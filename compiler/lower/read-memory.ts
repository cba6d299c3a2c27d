/** Which helper reads memory that the program cannot reach by itself. */
import type { HelperName } from '../../bpf/helpers/index.ts';
import type { Lowering } from './lowering.ts';

/** Before 5.5 there is one helper for both spaces. */
export function readHelper(low: Lowering, user: boolean, text: boolean): HelperName {
  if (!low.module.features.splitReads) return text ? 'probe_read_str' : 'probe_read';
  if (user) return text ? 'probe_read_user_str' : 'probe_read_user';
  return text ? 'probe_read_kernel_str' : 'probe_read_kernel';
}
