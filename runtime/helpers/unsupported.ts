/** Helpers that a machine without signals answers with -EOPNOTSUPP and one warning each. */
import type { HelperName } from '../../bpf/helpers/helper.ts';
import { helper } from '../../bpf/helpers/lookup.ts';
import { type HelperFunction, setResult } from '../../vm/helper-port.ts';
import type { ExecutionContext } from './execution-context.ts';

const EOPNOTSUPP = 95;

const REASONS: readonly (readonly [HelperName, string])[] = [
  ['send_signal', 'signals cannot be sent here'],
  ['send_signal_thread', 'signals cannot be sent here'],
  ['get_ns_current_pid_tgid', 'there are no pid namespaces here'],
];

export function unsupportedHelpers(
  context: ExecutionContext,
): readonly (readonly [number, HelperFunction])[] {
  return REASONS.map(([name, reason]) => [
    helper(name).id,
    (registers) => {
      context.warn(`bpf_${name}: ${reason}`);
      setResult(registers, -EOPNOTSUPP);
    },
  ]);
}
