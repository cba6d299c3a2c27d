/** Memory that the program cannot reach by itself is copied by a helper; with `-k` its failures are told. */
import type { HelperName } from '../../bpf/helpers/index.ts';
import type { Operand, Value } from '../ir/ir.ts';
import type { Lowering } from './lowering.ts';
import { emitHelperError } from './output.ts';

export interface RemoteRead {
  readonly to: Value;
  /** Bytes; of text the most, its NUL included. */
  readonly size: Operand | bigint;
  readonly from: Operand;
  readonly user: boolean;
  /** Up to a NUL. */
  readonly text?: boolean;
}

/** The bytes of text that were read, or 0; negative when it failed. What was not read is zero. */
export function readMemory(low: Lowering, { to, size, from, user, text = false }: RemoteRead): Value {
  const helper = readHelper(low, user, text);
  const result = low.b.callHelper(helper, [to, size, from]);
  if (low.module.model.warnReads) {
    low.rarely({ op: 'slt', left: result, right: 0n }, () => {
      emitHelperError(low, low.b.span ?? low.unit.probe.span, helper, result);
    });
  }
  return result;
}

/** Before 5.5 there is one helper for both spaces. */
function readHelper(low: Lowering, user: boolean, text: boolean): HelperName {
  if (!low.module.features.splitReads) return text ? 'probe_read_str' : 'probe_read';
  if (user) return text ? 'probe_read_user_str' : 'probe_read_user';
  return text ? 'probe_read_kernel_str' : 'probe_read_kernel';
}
