// Made by scripts/messages.ts from verifier/messages/*.md. Do not edit.
import { type MessageValues, Rejection } from './rejection.ts';

/** VE0201: R%register% is invalid */
export function registerInvalid(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE0201', 'registerInvalid', `R${values.register} is invalid`, values);
}

/** VE0202: R%register% !read_ok */
export function registerNotReadable(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE0202', 'registerNotReadable', `R${values.register} !read_ok`, values);
}

/** VE0203: frame pointer is read only */
export function framePointerReadOnly(values: MessageValues = {}): Rejection {
  return new Rejection('VE0203', 'framePointerReadOnly', `frame pointer is read only`, values);
}

/** VE0204: %name% uses reserved fields */
export function reservedFields(values: { readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE0204', 'reservedFields', `${values.name} uses reserved fields`, values);
}

/** VE0205: invalid BPF_LD mode */
export function invalidLoadMode(values: MessageValues = {}): Rejection {
  return new Rejection('VE0205', 'invalidLoadMode', `invalid BPF_LD mode`, values);
}

/** VE0301: BPF program is too large. Processed %processed% insn */
export function programTooLarge(values: { readonly processed: string | number } & MessageValues): Rejection {
  return new Rejection('VE0301', 'programTooLarge', `BPF program is too large. Processed ${values.processed} insn`, values);
}

/** VE0302: The sequence of %jumps% jumps is too complex. */
export function jumpsTooComplex(values: { readonly jumps: string | number } & MessageValues): Rejection {
  return new Rejection('VE0302', 'jumpsTooComplex', `The sequence of ${values.jumps} jumps is too complex.`, values);
}

/** VE1401: %noun% has to be at a constant offset */
export function objectAtVariableOffset(values: { readonly noun: string | number } & MessageValues): Rejection {
  return new Rejection('VE1401', 'objectAtVariableOffset', `${values.noun} has to be at a constant offset`, values);
}

/** VE1402: cannot pass in %noun% at an offset=%off% */
export function objectAtOffset(values: { readonly noun: string | number; readonly off: string | number } & MessageValues): Rejection {
  return new Rejection('VE1402', 'objectAtOffset', `cannot pass in ${values.noun} at an offset=${values.off}`, values);
}

/** VE1403: cannot overwrite referenced dynptr */
export function overwritesDynptr(values: MessageValues = {}): Rejection {
  return new Rejection('VE1403', 'overwritesDynptr', `cannot overwrite referenced dynptr`, values);
}

/** VE1601: %place% would lead to reference leak */
export function leaksReference(values: { readonly place: string | number } & MessageValues): Rejection {
  return new Rejection('VE1601', 'leaksReference', `${values.place} would lead to reference leak`, values);
}

/** VE1602: Unreleased reference id=%id% alloc_insn=%slot% */
export function unreleasedReference(values: { readonly id: string | number; readonly slot: string | number } & MessageValues): Rejection {
  return new Rejection('VE1602', 'unreleasedReference', `Unreleased reference id=${values.id} alloc_insn=${values.slot}`, values);
}

/** VE1603: BPF_LD_[ABS|IND] cannot be mixed with socket references */
export function legacyLoadWithReferences(values: MessageValues = {}): Rejection {
  return new Rejection('VE1603', 'legacyLoadWithReferences', `BPF_LD_[ABS|IND] cannot be mixed with socket references`, values);
}

/** VE1604: %place% cannot be used inside bpf_spin_lock-ed region */
export function insideLockedRegion(values: { readonly place: string | number } & MessageValues): Rejection {
  return new Rejection('VE1604', 'insideLockedRegion', `${values.place} cannot be used inside bpf_spin_lock-ed region`, values);
}

/** VE1605: %place% cannot be used inside bpf_local_irq_save-ed region */
export function insideIrqRegion(values: { readonly place: string | number } & MessageValues): Rejection {
  return new Rejection('VE1605', 'insideIrqRegion', `${values.place} cannot be used inside bpf_local_irq_save-ed region`, values);
}

/** VE1606: %place% cannot be used inside bpf_rcu_read_lock-ed region */
export function insideRcuRegion(values: { readonly place: string | number } & MessageValues): Rejection {
  return new Rejection('VE1606', 'insideRcuRegion', `${values.place} cannot be used inside bpf_rcu_read_lock-ed region`, values);
}

/** VE1607: %place% cannot be used inside bpf_preempt_disable-ed region */
export function insidePreemptRegion(values: { readonly place: string | number } & MessageValues): Rejection {
  return new Rejection('VE1607', 'insidePreemptRegion', `${values.place} cannot be used inside bpf_preempt_disable-ed region`, values);
}

/** VE1608: bpf_spin_unlock is missing */
export function missingSpinUnlock(values: MessageValues = {}): Rejection {
  return new Rejection('VE1608', 'missingSpinUnlock', `bpf_spin_unlock is missing`, values);
}

/** VE1609: bpf_rcu_read_unlock is missing */
export function missingRcuUnlock(values: MessageValues = {}): Rejection {
  return new Rejection('VE1609', 'missingRcuUnlock', `bpf_rcu_read_unlock is missing`, values);
}

/** VE1610: %count% bpf_preempt_enable%enable% missing */
export function missingPreemptEnable(values: { readonly count: string | number; readonly enable: string | number } & MessageValues): Rejection {
  return new Rejection('VE1610', 'missingPreemptEnable', `${values.count} bpf_preempt_enable${values.enable} missing`, values);
}
