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

/** VE0401: infinite loop detected at insn %slot% */
export function infiniteLoop(values: { readonly slot: string | number } & MessageValues): Rejection {
  return new Rejection('VE0401', 'infiniteLoop', `infinite loop detected at insn ${values.slot}`, values);
}

/** VE0402: verifier bug: %what% */
export function verifierBug(values: { readonly what: string | number } & MessageValues): Rejection {
  return new Rejection('VE0402', 'verifierBug', `verifier bug: ${values.what}`, values);
}

/** VE1101: the call stack of %frames% frames is too deep */
export function callStackTooDeep(values: { readonly frames: string | number } & MessageValues): Rejection {
  return new Rejection('VE1101', 'callStackTooDeep', `the call stack of ${values.frames} frames is too deep`, values);
}

/** VE1102: cannot return stack pointer to the caller */
export function returnsStackPointer(values: MessageValues = {}): Rejection {
  return new Rejection('VE1102', 'returnsStackPointer', `cannot return stack pointer to the caller`, values);
}

/** VE1103: R0 not a scalar value */
export function callbackReturnNotScalar(values: MessageValues = {}): Rejection {
  return new Rejection('VE1103', 'callbackReturnNotScalar', `R0 not a scalar value`, values);
}

/** VE1104: %place% the register %register% has%has% should have been in [%min%, %max%] */
export function returnOutOfRange(values: { readonly place: string | number; readonly register: string | number; readonly has: string | number; readonly min: string | number; readonly max: string | number } & MessageValues): Rejection {
  return new Rejection('VE1104', 'returnOutOfRange', `${values.place} the register ${values.register} has${values.has} should have been in [${values.min}, ${values.max}]`, values);
}

/** VE1105: global function calls are not allowed while holding a lock, / use static function instead */
export function globalCallUnderLock(values: MessageValues = {}): Rejection {
  return new Rejection('VE1105', 'globalCallUnderLock', `global function calls are not allowed while holding a lock,\nuse static function instead`, values);
}

/** VE1106: global functions that may sleep are not allowed in non-sleepable context, / i.e., in a RCU/IRQ/preempt-disabled section, or in / a non-sleepable BPF program context */
export function sleepingGlobalCall(values: MessageValues = {}): Rejection {
  return new Rejection('VE1106', 'sleepingGlobalCall', `global functions that may sleep are not allowed in non-sleepable context,\ni.e., in a RCU/IRQ/preempt-disabled section, or in\na non-sleepable BPF program context`, values);
}

/** VE1107: global function calls are not allowed with preemption disabled, / use static function instead */
export function globalCallInPreemptRegion(values: MessageValues = {}): Rejection {
  return new Rejection('VE1107', 'globalCallInPreemptRegion', `global function calls are not allowed with preemption disabled,\nuse static function instead`, values);
}

/** VE1108: global function calls are not allowed with IRQs disabled, / use static function instead */
export function globalCallInIrqRegion(values: MessageValues = {}): Rejection {
  return new Rejection('VE1108', 'globalCallInIrqRegion', `global function calls are not allowed with IRQs disabled,\nuse static function instead`, values);
}

/** VE1109: Caller passes invalid args into func#%number% ('%name%') */
export function callerPassesInvalidArguments(values: { readonly number: string | number; readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE1109', 'callerPassesInvalidArguments', `Caller passes invalid args into func#${values.number} ('${values.name}')`, values);
}

/** VE1110: Caller passes invalid args into func#%number% */
export function callerPassesInvalidArgumentsUnnamed(values: { readonly number: string | number } & MessageValues): Rejection {
  return new Rejection('VE1110', 'callerPassesInvalidArgumentsUnnamed', `Caller passes invalid args into func#${values.number}`, values);
}

/** VE1111: R%register% is not a scalar */
export function argumentNotScalar(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE1111', 'argumentNotScalar', `R${values.register} is not a scalar`, values);
}

/** VE1112: R%register% is not a pointer to arena or scalar. */
export function argumentNotArena(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE1112', 'argumentNotArena', `R${values.register} is not a pointer to arena or scalar.`, values);
}

/** VE1113: arg#%index% expects pointer to ctx */
export function argumentExpectsContext(values: { readonly index: string | number } & MessageValues): Rejection {
  return new Rejection('VE1113', 'argumentExpectsContext', `arg#${values.index} expects pointer to ctx`, values);
}

/** VE1114: arg#%index% is expected to be non-NULL */
export function argumentMustNotBeNull(values: { readonly index: string | number } & MessageValues): Rejection {
  return new Rejection('VE1114', 'argumentMustNotBeNull', `arg#${values.index} is expected to be non-NULL`, values);
}

/** VE1115: Global function %name%() with %count% > 5 args. Buggy compiler. */
export function globalFunctionTooManyArguments(values: { readonly name: string | number; readonly count: string | number } & MessageValues): Rejection {
  return new Rejection('VE1115', 'globalFunctionTooManyArguments', `Global function ${values.name}() with ${values.count} > 5 args. Buggy compiler.`, values);
}

/** VE1116: Global function %name%() doesn't return scalar. Only those are supported. */
export function globalFunctionReturns(values: { readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE1116', 'globalFunctionReturns', `Global function ${values.name}() doesn't return scalar. Only those are supported.`, values);
}

/** VE1117: arg#%index% type tag is not supported in static functions */
export function argumentTagInStatic(values: { readonly index: string | number } & MessageValues): Rejection {
  return new Rejection('VE1117', 'argumentTagInStatic', `arg#${values.index} type tag is not supported in static functions`, values);
}

/** VE1118: arg#%index% has unsupported set of tags */
export function argumentTagUnknown(values: { readonly index: string | number } & MessageValues): Rejection {
  return new Rejection('VE1118', 'argumentTagUnknown', `arg#${values.index} has unsupported set of tags`, values);
}

/** VE1119: arg#%index% has invalid combination of tags */
export function argumentTagsInvalid(values: { readonly index: string | number } & MessageValues): Rejection {
  return new Rejection('VE1119', 'argumentTagsInvalid', `arg#${values.index} has invalid combination of tags`, values);
}

/** VE1120: arg#%index% has pointer tag, but is not a pointer type */
export function pointerTagOnNumber(values: { readonly index: string | number } & MessageValues): Rejection {
  return new Rejection('VE1120', 'pointerTagOnNumber', `arg#${values.index} has pointer tag, but is not a pointer type`, values);
}

/** VE1121: Arg#%index% type %kind% in %name%() is not supported yet. */
export function argumentKindNotSupported(values: { readonly index: string | number; readonly kind: string | number; readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE1121', 'argumentKindNotSupported', `Arg#${values.index} type ${values.kind} in ${values.name}() is not supported yet.`, values);
}

/** VE1122: arg#%index% arena cannot be combined with any other tags */
export function arenaTagNotAlone(values: { readonly index: string | number } & MessageValues): Rejection {
  return new Rejection('VE1122', 'arenaTagNotAlone', `arg#${values.index} arena cannot be combined with any other tags`, values);
}

/** VE1123: arg#%index% untrusted cannot be combined with any other tags */
export function untrustedTagNotAlone(values: { readonly index: string | number } & MessageValues): Rejection {
  return new Rejection('VE1123', 'untrustedTagNotAlone', `arg#${values.index} untrusted cannot be combined with any other tags`, values);
}

/** VE1124: arg#%index% has type %kind% '%name%', but only struct or primitive types are allowed */
export function argumentNotStruct(values: { readonly index: string | number; readonly kind: string | number; readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE1124', 'argumentNotStruct', `arg#${values.index} has type ${values.kind} '${values.name}', but only struct or primitive types are allowed`, values);
}

/** VE1125: arg#%index% reference type('%kind% %name%') size cannot be determined: %error% */
export function argumentSizeUnknown(values: { readonly index: string | number; readonly kind: string | number; readonly name: string | number; readonly error: string | number } & MessageValues): Rejection {
  return new Rejection('VE1125', 'argumentSizeUnknown', `arg#${values.index} reference type('${values.kind} ${values.name}') size cannot be determined: ${values.error}`, values);
}

/** VE1126: arg#%index% reference type('%kind% %name%') candidate matching error: %error% */
export function argumentCandidateError(values: { readonly index: string | number; readonly kind: string | number; readonly name: string | number; readonly error: string | number } & MessageValues): Rejection {
  return new Rejection('VE1126', 'argumentCandidateError', `arg#${values.index} reference type('${values.kind} ${values.name}') candidate matching error: ${values.error}`, values);
}

/** VE1127: arg#%index% reference type('%kind% %name%') %why% */
export function argumentReferenceType(values: { readonly index: string | number; readonly kind: string | number; readonly name: string | number; readonly why: string | number } & MessageValues): Rejection {
  return new Rejection('VE1127', 'argumentReferenceType', `arg#${values.index} reference type('${values.kind} ${values.name}') ${values.why}`, values);
}

/** VE1128: arg#%index% type doesn't have a name */
export function argumentTypeUnnamed(values: { readonly index: string | number } & MessageValues): Rejection {
  return new Rejection('VE1128', 'argumentTypeUnnamed', `arg#${values.index} type doesn't have a name`, values);
}

/** VE1129: arg#%index% should be void pointer */
export function argumentShouldBeVoidPointer(values: { readonly index: string | number } & MessageValues): Rejection {
  return new Rejection('VE1129', 'argumentShouldBeVoidPointer', `arg#${values.index} should be void pointer`, values);
}

/** VE1130: arg#%index% should be `struct %name% *` */
export function argumentShouldBeStruct(values: { readonly index: string | number; readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE1130', 'argumentShouldBeStruct', `arg#${values.index} should be \`struct ${values.name} *\``, values);
}

/** VE1131: callback function not allowed for map */
export function callbackNotForMap(values: MessageValues = {}): Rejection {
  return new Rejection('VE1131', 'callbackNotForMap', `callback function not allowed for map`, values);
}

/** VE1132: The sequence of %jumps% jumps is too complex for async cb. */
export function jumpsTooComplexForCallback(values: { readonly jumps: string | number } & MessageValues): Rejection {
  return new Rejection('VE1132', 'jumpsTooComplexForCallback', `The sequence of ${values.jumps} jumps is too complex for async cb.`, values);
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
