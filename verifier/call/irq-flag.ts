/** Saved interrupt flags on the stack: saved by one kernel function, restored in reverse order (`process_irq_flag`). */
import { checkMemoryAccess } from '../access/access.ts';
import type { Environment } from '../environment.ts';
import {
  irqFlagNotInitialised,
  irqFlagNotUninitialised,
  irqFlagOfOtherSource,
  irqRestoredOutOfOrder,
} from '../messages.gen.ts';
import { markStackRead, markStackWrite } from '../order/stack-liveness.ts';
import { unsupported } from '../rejection.ts';
import type { Reference } from '../state/reference.ts';
import { type IrqDetail, Register } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import { allBytes, ByteKind, EMPTY_SLOT, StackSlot } from '../state/slot.ts';
import { Scalar } from '../value/scalar.ts';
import { addReference, removeReference } from './references.ts';
import { frameOf, stackPlace, stackSlotOf } from './stack-object.ts';

const NOUN = 'irq_flag';

/** Register `number` points to a flag on the stack that `kfunc` saves or restores. @throws Rejection */
export function checkIrqFlag(env: Environment, kfunc: string, number: number): void {
  const source = kfunc.startsWith('bpf_res_spin') ? 'lock' : 'native';
  switch (kfunc) {
    case 'bpf_local_irq_save':
    case 'bpf_res_spin_lock_irqsave':
      saveFlag(env, number, source);
      return;
    case 'bpf_local_irq_restore':
    case 'bpf_res_spin_unlock_irqrestore':
      restoreFlag(env, number, source);
      return;
    default:
      throw unsupported(`an interrupt flag passed to ${kfunc}`);
  }
}

function saveFlag(env: Environment, number: number, source: IrqDetail['source']): void {
  const register = env.register(number);
  if (!mayHoldFlag(env, register)) throw irqFlagNotUninitialised({ argument: number - 1 });
  checkMemoryAccess(env, { kind: 'write', base: number, off: 0, size: 8, value: -1 });
  const spi = stackSlotOf(env, register, NOUN, 1);
  if (spi === undefined) throw unsupported('an interrupt flag nowhere on the stack');
  const frame = frameOf(env, register);
  const id = env.nextId();
  addReference(env, { kind: 'irq', id, slot: env.slot, object: null });
  env.state.activeIrq = id;
  const spilled = new Register(Kind.stack, 0, Scalar.ZERO, 0, 0, id, { kind: 'irq', source }, 0, false);
  frame.stack[spi] = new StackSlot(allBytes(ByteKind.irq), spilled);
  markStackWrite(env, frame.number, spi);
}

/** `is_irq_flag_reg_valid_uninit` */
function mayHoldFlag(env: Environment, register: Register): boolean {
  const place = stackPlace(env, register, NOUN, 1);
  if (place.kind === 'beyond') return true;
  if (place.kind === 'invalid') {
    env.remark(place.why.text);
    return false;
  }
  const slot = frameOf(env, register).stack[place.spi]!;
  for (let b = 0; b < 8; b++) if (slot.kindAt(b) === ByteKind.irq) return false;
  return true;
}

function restoreFlag(env: Environment, number: number, source: IrqDetail['source']): void {
  const register = env.register(number);
  const spi = stackSlotOf(env, register, NOUN, 1);
  const frame = frameOf(env, register);
  const slot = spi === undefined ? undefined : frame.stack[spi];
  const detail = slot?.spilled.detail;
  if (spi === undefined || slot?.bytes !== allBytes(ByteKind.irq) || detail?.kind !== 'irq') {
    throw irqFlagNotInitialised({ argument: number - 1 });
  }
  markStackRead(env, frame.number, spi);
  if (detail.source !== source) throw irqFlagOfOtherSource({ saved: detail.source, used: source });
  forgetFlag(env, slot.spilled.ref);
  frame.stack[spi] = EMPTY_SLOT;
  markStackWrite(env, frame.number, spi);
}

/** The innermost flag only; the one before it counts from now on (`release_irq_state`). */
function forgetFlag(env: Environment, id: number): void {
  const { state } = env;
  const flags = state.references.filter(isFlag);
  const innermost = flags.find((one) => one.id === state.activeIrq);
  if (innermost === undefined || id !== state.activeIrq) {
    throw irqRestoredOutOfOrder({ id: state.activeIrq, slot: innermost?.slot ?? 0 });
  }
  removeReference(env, innermost);
  state.activeIrq = flags[flags.indexOf(innermost) - 1]?.id ?? 0;
}

function isFlag({ kind }: Reference): boolean {
  return kind === 'irq';
}
