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

/** VE0501: div by zero */
export function divisionByZero(values: MessageValues = {}): Rejection {
  return new Rejection('VE0501', 'divisionByZero', `div by zero`, values);
}

/** VE0502: invalid shift %amount% */
export function invalidShift(values: { readonly amount: string | number } & MessageValues): Rejection {
  return new Rejection('VE0502', 'invalidShift', `invalid shift ${values.amount}`, values);
}

/** VE0503: invalid BPF_ALU opcode %opcode% */
export function invalidArithmeticOpcode(values: { readonly opcode: string | number } & MessageValues): Rejection {
  return new Rejection('VE0503', 'invalidArithmeticOpcode', `invalid BPF_ALU opcode ${values.opcode}`, values);
}

/** VE0504: addr_space_cast insn can only convert between address space 1 and 0 */
export function addressSpaces(values: MessageValues = {}): Rejection {
  return new Rejection('VE0504', 'addressSpaces', `addr_space_cast insn can only convert between address space 1 and 0`, values);
}

/** VE0505: addr_space_cast insn can only be used in a program that has an associated arena */
export function castWithoutArena(values: MessageValues = {}): Rejection {
  return new Rejection('VE0505', 'castWithoutArena', `addr_space_cast insn can only be used in a program that has an associated arena`, values);
}

/** VE0506: R%register% pointer arithmetic prohibited */
export function pointerArithmetic(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE0506', 'pointerArithmetic', `R${values.register} pointer arithmetic prohibited`, values);
}

/** VE0507: R%register% sign-extension part of pointer */
export function signExtendsPointer(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE0507', 'signExtendsPointer', `R${values.register} sign-extension part of pointer`, values);
}

/** VE0508: R%register% partial copy of pointer */
export function copiesPartOfPointer(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE0508', 'copiesPartOfPointer', `R${values.register} partial copy of pointer`, values);
}

/** VE0509: R%register% pointer %operator% pointer prohibited */
export function pointerOnPointer(values: { readonly register: string | number; readonly operator: string | number } & MessageValues): Rejection {
  return new Rejection('VE0509', 'pointerOnPointer', `R${values.register} pointer ${values.operator} pointer prohibited`, values);
}

/** VE0510: R%register% 32-bit pointer arithmetic prohibited */
export function wordOfPointer(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE0510', 'wordOfPointer', `R${values.register} 32-bit pointer arithmetic prohibited`, values);
}

/** VE0511: R%register% pointer arithmetic on %type% prohibited, null-check it first */
export function nullablePointerArithmetic(values: { readonly register: string | number; readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE0511', 'nullablePointerArithmetic', `R${values.register} pointer arithmetic on ${values.type} prohibited, null-check it first`, values);
}

/** VE0512: R%register% pointer arithmetic on %type% prohibited */
export function pointerKindArithmetic(values: { readonly register: string | number; readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE0512', 'pointerKindArithmetic', `R${values.register} pointer arithmetic on ${values.type} prohibited`, values);
}

/** VE0513: math between %type% pointer and %value% is not allowed */
export function pointerConstantTooLarge(values: { readonly type: string | number; readonly value: string | number } & MessageValues): Rejection {
  return new Rejection('VE0513', 'pointerConstantTooLarge', `math between ${values.type} pointer and ${values.value} is not allowed`, values);
}

/** VE0514: %type% pointer offset %offset% is not allowed */
export function pointerOffsetTooLarge(values: { readonly type: string | number; readonly offset: string | number } & MessageValues): Rejection {
  return new Rejection('VE0514', 'pointerOffsetTooLarge', `${values.type} pointer offset ${values.offset} is not allowed`, values);
}

/** VE0515: math between %type% pointer and register with unbounded min value is not allowed */
export function pointerMinimumUnbounded(values: { readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE0515', 'pointerMinimumUnbounded', `math between ${values.type} pointer and register with unbounded min value is not allowed`, values);
}

/** VE0516: value %value% makes %type% pointer be out of bounds */
export function pointerMinimumTooLarge(values: { readonly value: string | number; readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE0516', 'pointerMinimumTooLarge', `value ${values.value} makes ${values.type} pointer be out of bounds`, values);
}

/** VE0517: R%register% tried to subtract pointer from scalar */
export function pointerFromScalar(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE0517', 'pointerFromScalar', `R${values.register} tried to subtract pointer from scalar`, values);
}

/** VE0518: R%register% subtraction from stack pointer prohibited */
export function stackPointerSubtraction(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE0518', 'stackPointerSubtraction', `R${values.register} subtraction from stack pointer prohibited`, values);
}

/** VE0519: R%register% bitwise operator %operator% on pointer prohibited */
export function bitwiseOnPointer(values: { readonly register: string | number; readonly operator: string | number } & MessageValues): Rejection {
  return new Rejection('VE0519', 'bitwiseOnPointer', `R${values.register} bitwise operator ${values.operator} on pointer prohibited`, values);
}

/** VE0520: R%register% pointer arithmetic with %operator% operator prohibited */
export function operatorOnPointer(values: { readonly register: string | number; readonly operator: string | number } & MessageValues): Rejection {
  return new Rejection('VE0520', 'operatorOnPointer', `R${values.register} pointer arithmetic with ${values.operator} operator prohibited`, values);
}

/** VE0521: R%register% has unknown scalar with mixed signed bounds, pointer arithmetic with it prohibited for !root */
export function sanitizeBounds(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE0521', 'sanitizeBounds', `R${values.register} has unknown scalar with mixed signed bounds, pointer arithmetic with it prohibited for !root`, values);
}

/** VE0522: R%register% has pointer with unsupported alu operation, pointer arithmetic with it prohibited for !root */
export function sanitizeType(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE0522', 'sanitizeType', `R${values.register} has pointer with unsupported alu operation, pointer arithmetic with it prohibited for !root`, values);
}

/** VE0523: R%register% tried to %operation% from different maps, paths or scalars, pointer arithmetic with it prohibited for !root */
export function sanitizePaths(values: { readonly register: string | number; readonly operation: string | number } & MessageValues): Rejection {
  return new Rejection('VE0523', 'sanitizePaths', `R${values.register} tried to ${values.operation} from different maps, paths or scalars, pointer arithmetic with it prohibited for !root`, values);
}

/** VE0524: R%register% tried to %operation% beyond pointer bounds, pointer arithmetic with it prohibited for !root */
export function sanitizeLimit(values: { readonly register: string | number; readonly operation: string | number } & MessageValues): Rejection {
  return new Rejection('VE0524', 'sanitizeLimit', `R${values.register} tried to ${values.operation} beyond pointer bounds, pointer arithmetic with it prohibited for !root`, values);
}

/** VE0525: R%register% variable stack access prohibited for !root, var_off=%offset% off=%fixed% */
export function variableStackPointer(values: { readonly register: string | number; readonly offset: string | number; readonly fixed: string | number } & MessageValues): Rejection {
  return new Rejection('VE0525', 'variableStackPointer', `R${values.register} variable stack access prohibited for !root, var_off=${values.offset} off=${values.fixed}`, values);
}

/** VE0526: R%register% stack pointer arithmetic goes out of range, prohibited for !root; off=%offset% */
export function stackPointerOutOfRange(values: { readonly register: string | number; readonly offset: string | number } & MessageValues): Rejection {
  return new Rejection('VE0526', 'stackPointerOutOfRange', `R${values.register} stack pointer arithmetic goes out of range, prohibited for !root; off=${values.offset}`, values);
}

/** VE0527: R%register% pointer arithmetic of map value goes out of range, prohibited for !root */
export function mapPointerOutOfRange(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE0527', 'mapPointerOutOfRange', `R${values.register} pointer arithmetic of map value goes out of range, prohibited for !root`, values);
}

/** VE0601: misaligned %what%access off %variable%+%fixed%+%off% size %size% */
export function misalignedAccess(values: { readonly what: string | number; readonly variable: string | number; readonly fixed: string | number; readonly off: string | number; readonly size: string | number } & MessageValues): Rejection {
  return new Rejection('VE0601', 'misalignedAccess', `misaligned ${values.what}access off ${values.variable}+${values.fixed}+${values.off} size ${values.size}`, values);
}

/** VE0602: misaligned packet access off %align%+%variable%+%fixed%+%off% size %size% */
export function misalignedPacketAccess(values: { readonly align: string | number; readonly variable: string | number; readonly fixed: string | number; readonly off: string | number; readonly size: string | number } & MessageValues): Rejection {
  return new Rejection('VE0602', 'misalignedPacketAccess', `misaligned packet access off ${values.align}+${values.variable}+${values.fixed}+${values.off} size ${values.size}`, values);
}

/** VE0603: R%register% invalid mem access '%type%' */
export function invalidMemoryAccess(values: { readonly register: string | number; readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE0603', 'invalidMemoryAccess', `R${values.register} invalid mem access '${values.type}'`, values);
}

/** VE0604: R%register% cannot write into %type% */
export function cannotWriteInto(values: { readonly register: string | number; readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE0604', 'cannotWriteInto', `R${values.register} cannot write into ${values.type}`, values);
}

/** VE0605: R%register% leaks addr into %where% */
export function leaksAddress(values: { readonly register: string | number; readonly where: string | number } & MessageValues): Rejection {
  return new Rejection('VE0605', 'leaksAddress', `R${values.register} leaks addr into ${values.where}`, values);
}

/** VE0606: R%register% min value is negative, either use unsigned index or do a if (index >=0) check. */
export function minimumNegative(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE0606', 'minimumNegative', `R${values.register} min value is negative, either use unsigned index or do a if (index >=0) check.`, values);
}

/** VE0607: R%register% min value is outside of the allowed memory range */
export function minimumOutside(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE0607', 'minimumOutside', `R${values.register} min value is outside of the allowed memory range`, values);
}

/** VE0608: R%register% unbounded memory access, make sure to bounds check any such access */
export function unboundedAccess(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE0608', 'unboundedAccess', `R${values.register} unbounded memory access, make sure to bounds check any such access`, values);
}

/** VE0609: R%register% max value is outside of the allowed memory range */
export function maximumOutside(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE0609', 'maximumOutside', `R${values.register} max value is outside of the allowed memory range`, values);
}

/** VE0610: write to change key R%register% not allowed */
export function mapKeyWritten(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE0610', 'mapKeyWritten', `write to change key R${values.register} not allowed`, values);
}

/** VE0611: write into map forbidden, value_size=%valueSize% off=%off% size=%size% */
export function mapWriteForbidden(values: { readonly valueSize: string | number; readonly off: string | number; readonly size: string | number } & MessageValues): Rejection {
  return new Rejection('VE0611', 'mapWriteForbidden', `write into map forbidden, value_size=${values.valueSize} off=${values.off} size=${values.size}`, values);
}

/** VE0612: read from map forbidden, value_size=%valueSize% off=%off% size=%size% */
export function mapReadForbidden(values: { readonly valueSize: string | number; readonly off: string | number; readonly size: string | number } & MessageValues): Rejection {
  return new Rejection('VE0612', 'mapReadForbidden', `read from map forbidden, value_size=${values.valueSize} off=${values.off} size=${values.size}`, values);
}

/** VE0613: %field% cannot be accessed indirectly by helper */
export function fieldIndirect(values: { readonly field: string | number } & MessageValues): Rejection {
  return new Rejection('VE0613', 'fieldIndirect', `${values.field} cannot be accessed indirectly by helper`, values);
}

/** VE0614: %field% access cannot have variable offset */
export function fieldVariable(values: { readonly field: string | number } & MessageValues): Rejection {
  return new Rejection('VE0614', 'fieldVariable', `${values.field} access cannot have variable offset`, values);
}

/** VE0615: %field% access misaligned expected=%expected% off=%off% */
export function fieldMisaligned(values: { readonly field: string | number; readonly expected: string | number; readonly off: string | number } & MessageValues): Rejection {
  return new Rejection('VE0615', 'fieldMisaligned', `${values.field} access misaligned expected=${values.expected} off=${values.off}`, values);
}

/** VE0616: %field% access size must be BPF_DW */
export function fieldSize(values: { readonly field: string | number } & MessageValues): Rejection {
  return new Rejection('VE0616', 'fieldSize', `${values.field} access size must be BPF_DW`, values);
}

/** VE0617: %field% cannot be accessed directly by load/store */
export function fieldDirect(values: { readonly field: string | number } & MessageValues): Rejection {
  return new Rejection('VE0617', 'fieldDirect', `${values.field} cannot be accessed directly by load/store`, values);
}

/** VE0618: kptr in map can only be accessed using BPF_MEM instruction mode */
export function kptrMode(values: MessageValues = {}): Rejection {
  return new Rejection('VE0618', 'kptrMode', `kptr in map can only be accessed using BPF_MEM instruction mode`, values);
}

/** VE0619: store to referenced kptr disallowed */
export function kptrStoreReferenced(values: MessageValues = {}): Rejection {
  return new Rejection('VE0619', 'kptrStoreReferenced', `store to referenced kptr disallowed`, values);
}

/** VE0620: store to uptr disallowed */
export function uptrStore(values: MessageValues = {}): Rejection {
  return new Rejection('VE0620', 'uptrStore', `store to uptr disallowed`, values);
}

/** VE0621: BPF_ST imm must be 0 when storing to kptr at off=%off% */
export function kptrImmediate(values: { readonly off: string | number } & MessageValues): Rejection {
  return new Rejection('VE0621', 'kptrImmediate', `BPF_ST imm must be 0 when storing to kptr at off=${values.off}`, values);
}

/** VE0622: invalid kptr access, R%register% type=%type%%name% expected=%expected% */
export function kptrType(values: { readonly register: string | number; readonly type: string | number; readonly name: string | number; readonly expected: string | number } & MessageValues): Rejection {
  return new Rejection('VE0622', 'kptrType', `invalid kptr access, R${values.register} type=${values.type}${values.name} expected=${values.expected}`, values);
}

/** VE0623: cannot write into packet */
export function packetWritten(values: MessageValues = {}): Rejection {
  return new Rejection('VE0623', 'packetWritten', `cannot write into packet`, values);
}

/** VE0624: R%register% offset is outside of the packet */
export function packetOutside(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE0624', 'packetOutside', `R${values.register} offset is outside of the packet`, values);
}

/** VE0625: invalid access to flow keys off=%off% size=%size% */
export function flowKeysOutside(values: { readonly off: string | number; readonly size: string | number } & MessageValues): Rejection {
  return new Rejection('VE0625', 'flowKeysOutside', `invalid access to flow keys off=${values.off} size=${values.size}`, values);
}

/** VE0626: R%register% invalid %type% access off=%off% size=%size% */
export function socketAccess(values: { readonly register: string | number; readonly type: string | number; readonly off: string | number; readonly size: string | number } & MessageValues): Rejection {
  return new Rejection('VE0626', 'socketAccess', `R${values.register} invalid ${values.type} access off=${values.off} size=${values.size}`, values);
}

/** VE0627: R%register% invalid %what% buffer access: off=%off%, size=%size% */
export function bufferNegative(values: { readonly register: string | number; readonly what: string | number; readonly off: string | number; readonly size: string | number } & MessageValues): Rejection {
  return new Rejection('VE0627', 'bufferNegative', `R${values.register} invalid ${values.what} buffer access: off=${values.off}, size=${values.size}`, values);
}

/** VE0628: R%register% invalid variable buffer offset: off=%off%, var_off=%variable% */
export function bufferVariable(values: { readonly register: string | number; readonly off: string | number; readonly variable: string | number } & MessageValues): Rejection {
  return new Rejection('VE0628', 'bufferVariable', `R${values.register} invalid variable buffer offset: off=${values.off}, var_off=${values.variable}`, values);
}

/** VE0629: negative offset %type% ptr R%register% off=%off% disallowed */
export function pointerNegative(values: { readonly type: string | number; readonly register: string | number; readonly off: string | number } & MessageValues): Rejection {
  return new Rejection('VE0629', 'pointerNegative', `negative offset ${values.type} ptr R${values.register} off=${values.off} disallowed`, values);
}

/** VE0630: dereference of modified %type% ptr R%register% off=%off% disallowed */
export function pointerModified(values: { readonly type: string | number; readonly register: string | number; readonly off: string | number } & MessageValues): Rejection {
  return new Rejection('VE0630', 'pointerModified', `dereference of modified ${values.type} ptr R${values.register} off=${values.off} disallowed`, values);
}

/** VE0631: variable %type% access var_off=%variable% disallowed */
export function pointerVariable(values: { readonly type: string | number; readonly variable: string | number } & MessageValues): Rejection {
  return new Rejection('VE0631', 'pointerVariable', `variable ${values.type} access var_off=${values.variable} disallowed`, values);
}

/** VE0632: same insn cannot be used with different pointers */
export function differentPointers(values: MessageValues = {}): Rejection {
  return new Rejection('VE0632', 'differentPointers', `same insn cannot be used with different pointers`, values);
}

/** VE0633: invalid atomic operand size */
export function atomicSize(values: MessageValues = {}): Rejection {
  return new Rejection('VE0633', 'atomicSize', `invalid atomic operand size`, values);
}

/** VE0634: BPF_ATOMIC stores into R%register% %type% is not allowed */
export function atomicStoreRefused(values: { readonly register: string | number; readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE0634', 'atomicStoreRefused', `BPF_ATOMIC stores into R${values.register} ${values.type} is not allowed`, values);
}

/** VE0635: BPF_ATOMIC loads from R%register% %type% is not allowed */
export function atomicLoadRefused(values: { readonly register: string | number; readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE0635', 'atomicLoadRefused', `BPF_ATOMIC loads from R${values.register} ${values.type} is not allowed`, values);
}

/** VE0636: BPF_ATOMIC uses invalid atomic opcode %operation% */
export function atomicUnknown(values: { readonly operation: string | number } & MessageValues): Rejection {
  return new Rejection('VE0636', 'atomicUnknown', `BPF_ATOMIC uses invalid atomic opcode ${values.operation}`, values);
}

/** VE0637: R%register% min value is negative, either use unsigned or 'var &= const' */
export function sizeNegative(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE0637', 'sizeNegative', `R${values.register} min value is negative, either use unsigned or 'var &= const'`, values);
}

/** VE0638: R%register% invalid zero-sized read: u64=[%min%,%max%] */
export function sizeZero(values: { readonly register: string | number; readonly min: string | number; readonly max: string | number } & MessageValues): Rejection {
  return new Rejection('VE0638', 'sizeZero', `R${values.register} invalid zero-sized read: u64=[${values.min},${values.max}]`, values);
}

/** VE0639: R%register% unbounded memory access, use 'var &= const' or 'if (var < const)' */
export function sizeUnbounded(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE0639', 'sizeUnbounded', `R${values.register} unbounded memory access, use 'var &= const' or 'if (var < const)'`, values);
}

/** VE0640: R%register% type=%type% expected=%expected% */
export function notMemory(values: { readonly register: string | number; readonly type: string | number; readonly expected: string | number } & MessageValues): Rejection {
  return new Rejection('VE0640', 'notMemory', `R${values.register} type=${values.type} expected=${values.expected}`, values);
}

/** VE0641: BPF_XADD uses reserved fields */
export function atomicReserved(values: MessageValues = {}): Rejection {
  return new Rejection('VE0641', 'atomicReserved', `BPF_XADD uses reserved fields`, values);
}

/** VE0642: %nothing% */
export function constantUnreachable(values: { readonly nothing: string | number } & MessageValues): Rejection {
  return new Rejection('VE0642', 'constantUnreachable', `${values.nothing}`, values);
}

/** VE0643: %nothing% */
export function contextUnreadable(values: { readonly nothing: string | number } & MessageValues): Rejection {
  return new Rejection('VE0643', 'contextUnreadable', `${values.nothing}`, values);
}

/** VE0644: BPF_ST stores into R%register% %type% is not allowed */
export function immediateStoreRefused(values: { readonly register: string | number; readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE0644', 'immediateStoreRefused', `BPF_ST stores into R${values.register} ${values.type} is not allowed`, values);
}

/** VE0701: invalid %direction% stack R%register% off=%off% size=%size% */
export function stackOutside(values: { readonly direction: string | number; readonly register: string | number; readonly off: string | number; readonly size: string | number } & MessageValues): Rejection {
  return new Rejection('VE0701', 'stackOutside', `invalid ${values.direction} stack R${values.register} off=${values.off} size=${values.size}`, values);
}

/** VE0702: invalid variable-offset %direction% stack R%register% var_off=%variable% off=%off% size=%size% */
export function stackVariableOutside(values: { readonly direction: string | number; readonly register: string | number; readonly variable: string | number; readonly off: string | number; readonly size: string | number } & MessageValues): Rejection {
  return new Rejection('VE0702', 'stackVariableOutside', `invalid variable-offset ${values.direction} stack R${values.register} var_off=${values.variable} off=${values.off} size=${values.size}`, values);
}

/** VE0703: invalid unbounded variable-offset %direction% stack R%register% */
export function stackUnbounded(values: { readonly direction: string | number; readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE0703', 'stackUnbounded', `invalid unbounded variable-offset ${values.direction} stack R${values.register}`, values);
}

/** VE0704: attempt to corrupt spilled pointer on stack */
export function stackCorrupted(values: MessageValues = {}): Rejection {
  return new Rejection('VE0704', 'stackCorrupted', `attempt to corrupt spilled pointer on stack`, values);
}

/** VE0705: invalid size of register spill */
export function spillSize(values: MessageValues = {}): Rejection {
  return new Rejection('VE0705', 'spillSize', `invalid size of register spill`, values);
}

/** VE0706: invalid size of register fill */
export function fillSize(values: MessageValues = {}): Rejection {
  return new Rejection('VE0706', 'fillSize', `invalid size of register fill`, values);
}

/** VE0707: cannot spill pointers to stack into stack frame of the caller */
export function spillToCaller(values: MessageValues = {}): Rejection {
  return new Rejection('VE0707', 'spillToCaller', `cannot spill pointers to stack into stack frame of the caller`, values);
}

/** VE0708: invalid read from stack off %off%+%at% size %size% */
export function stackUninitialised(values: { readonly off: string | number; readonly at: string | number; readonly size: string | number } & MessageValues): Rejection {
  return new Rejection('VE0708', 'stackUninitialised', `invalid read from stack off ${values.off}+${values.at} size ${values.size}`, values);
}

/** VE0709: leaking pointer from stack off %off% */
export function stackLeaks(values: { readonly off: string | number } & MessageValues): Rejection {
  return new Rejection('VE0709', 'stackLeaks', `leaking pointer from stack off ${values.off}`, values);
}

/** VE0710: variable offset stack pointer cannot be passed into helper function; var_off=%variable% off=%off% size=%size% */
export function stackVariableHelper(values: { readonly variable: string | number; readonly off: string | number; readonly size: string | number } & MessageValues): Rejection {
  return new Rejection('VE0710', 'stackVariableHelper', `variable offset stack pointer cannot be passed into helper function; var_off=${values.variable} off=${values.off} size=${values.size}`, values);
}

/** VE0712: spilled ptr in range of var-offset stack write; insn %slot%, ptr off: %off% */
export function spilledInRange(values: { readonly slot: string | number; readonly off: string | number } & MessageValues): Rejection {
  return new Rejection('VE0712', 'spilledInRange', `spilled ptr in range of var-offset stack write; insn ${values.slot}, ptr off: ${values.off}`, values);
}

/** VE0713: uninit stack in range of var-offset write prohibited for !root; insn %slot%, off: %off% */
export function uninitialisedInRange(values: { readonly slot: string | number; readonly off: string | number } & MessageValues): Rejection {
  return new Rejection('VE0713', 'uninitialisedInRange', `uninit stack in range of var-offset write prohibited for !root; insn ${values.slot}, off: ${values.off}`, values);
}

/** VE0714: invalid zero-sized read */
export function zeroSizedRead(values: MessageValues = {}): Rejection {
  return new Rejection('VE0714', 'zeroSizedRead', `invalid zero-sized read`, values);
}

/** VE0715: R%register%%indirect% variable offset stack access prohibited for !root, var_off=%variable% */
export function stackVariableUnprivileged(values: { readonly register: string | number; readonly indirect: string | number; readonly variable: string | number } & MessageValues): Rejection {
  return new Rejection('VE0715', 'stackVariableUnprivileged', `R${values.register}${values.indirect} variable offset stack access prohibited for !root, var_off=${values.variable}`, values);
}

/** VE0716: potential write to dynptr at off=%off% disallowed */
export function dynptrWritten(values: { readonly off: string | number } & MessageValues): Rejection {
  return new Rejection('VE0716', 'dynptrWritten', `potential write to dynptr at off=${values.off} disallowed`, values);
}

/** VE0717: invalid%indirect% read from stack R%register% off %off%+%at% size %size% */
export function stackBufferUninitialised(values: { readonly indirect: string | number; readonly register: string | number; readonly off: string | number; readonly at: string | number; readonly size: string | number } & MessageValues): Rejection {
  return new Rejection('VE0717', 'stackBufferUninitialised', `invalid${values.indirect} read from stack R${values.register} off ${values.off}+${values.at} size ${values.size}`, values);
}

/** VE0718: invalid%indirect% read from stack R%register% var_off %variable%+%at% size %size% */
export function stackBufferUninitialisedVariable(values: { readonly indirect: string | number; readonly register: string | number; readonly variable: string | number; readonly at: string | number; readonly size: string | number } & MessageValues): Rejection {
  return new Rejection('VE0718', 'stackBufferUninitialisedVariable', `invalid${values.indirect} read from stack R${values.register} var_off ${values.variable}+${values.at} size ${values.size}`, values);
}

/** VE0719: invalid variable-offset %direction% stack R%register% var_off=%variable% size=%size% */
export function stackVariableOutsideOld(values: { readonly direction: string | number; readonly register: string | number; readonly variable: string | number; readonly size: string | number } & MessageValues): Rejection {
  return new Rejection('VE0719', 'stackVariableOutsideOld', `invalid variable-offset ${values.direction} stack R${values.register} var_off=${values.variable} size=${values.size}`, values);
}

/** VE0801: invalid bpf_context access off=%off% size=%size% */
export function contextAccess(values: { readonly off: string | number; readonly size: string | number } & MessageValues): Rejection {
  return new Rejection('VE0801', 'contextAccess', `invalid bpf_context access off=${values.off} size=${values.size}`, values);
}

/** VE0901: 'struct %name%' access is allowed only to CAP_PERFMON and CAP_SYS_ADMIN */
export function structUnprivileged(values: { readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE0901', 'structUnprivileged', `'struct ${values.name}' access is allowed only to CAP_PERFMON and CAP_SYS_ADMIN`, values);
}

/** VE0902: Cannot access kernel 'struct %name%' from non-GPL compatible program */
export function structNotGpl(values: { readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE0902', 'structNotGpl', `Cannot access kernel 'struct ${values.name}' from non-GPL compatible program`, values);
}

/** VE0903: R%register% is ptr_%name% invalid negative access: off=%off% */
export function structNegative(values: { readonly register: string | number; readonly name: string | number; readonly off: string | number } & MessageValues): Rejection {
  return new Rejection('VE0903', 'structNegative', `R${values.register} is ptr_${values.name} invalid negative access: off=${values.off}`, values);
}

/** VE0904: R%register% is ptr_%name% invalid variable offset: off=%off%, var_off=%variable% */
export function structVariable(values: { readonly register: string | number; readonly name: string | number; readonly off: string | number; readonly variable: string | number } & MessageValues): Rejection {
  return new Rejection('VE0904', 'structVariable', `R${values.register} is ptr_${values.name} invalid variable offset: off=${values.off}, var_off=${values.variable}`, values);
}

/** VE0905: R%register% is ptr_%name% access user memory: off=%off% */
export function structUser(values: { readonly register: string | number; readonly name: string | number; readonly off: string | number } & MessageValues): Rejection {
  return new Rejection('VE0905', 'structUser', `R${values.register} is ptr_${values.name} access user memory: off=${values.off}`, values);
}

/** VE0906: R%register% is ptr_%name% access percpu memory: off=%off% */
export function structPercpu(values: { readonly register: string | number; readonly name: string | number; readonly off: string | number } & MessageValues): Rejection {
  return new Rejection('VE0906', 'structPercpu', `R${values.register} is ptr_${values.name} access percpu memory: off=${values.off}`, values);
}

/** VE0907: only read is supported */
export function structReadOnly(values: MessageValues = {}): Rejection {
  return new Rejection('VE0907', 'structReadOnly', `only read is supported`, values);
}

/** VE0908: direct access to %field% is disallowed */
export function objectFieldAccess(values: { readonly field: string | number } & MessageValues): Rejection {
  return new Rejection('VE0908', 'objectFieldAccess', `direct access to ${values.field} is disallowed`, values);
}

/** VE0909: Type '%name%' is not a struct */
export function notStruct(values: { readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE0909', 'notStruct', `Type '${values.name}' is not a struct`, values);
}

/** VE0910: access beyond struct %name% at off %off% size %size% */
export function beyondStruct(values: { readonly name: string | number; readonly off: string | number; readonly size: string | number } & MessageValues): Rejection {
  return new Rejection('VE0910', 'beyondStruct', `access beyond struct ${values.name} at off ${values.off} size ${values.size}`, values);
}

/** VE0911: field %name% doesn't have size */
export function fieldUnsized(values: { readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE0911', 'fieldUnsized', `field ${values.name} doesn't have size`, values);
}

/** VE0912: cannot access ptr member %member% with moff %start% in struct %name% with off %off% size %size% */
export function partOfPointer(values: { readonly member: string | number; readonly start: string | number; readonly name: string | number; readonly off: string | number; readonly size: string | number } & MessageValues): Rejection {
  return new Rejection('VE0912', 'partOfPointer', `cannot access ptr member ${values.member} with moff ${values.start} in struct ${values.name} with off ${values.off} size ${values.size}`, values);
}

/** VE0913: access beyond the end of member %member% (mend:%end%) in struct %name% with off %off% size %size% */
export function beyondMember(values: { readonly member: string | number; readonly end: string | number; readonly name: string | number; readonly off: string | number; readonly size: string | number } & MessageValues): Rejection {
  return new Rejection('VE0913', 'beyondMember', `access beyond the end of member ${values.member} (mend:${values.end}) in struct ${values.name} with off ${values.off} size ${values.size}`, values);
}

/** VE0914: struct %name% doesn't have field at offset %off% */
export function noFieldAt(values: { readonly name: string | number; readonly off: string | number } & MessageValues): Rejection {
  return new Rejection('VE0914', 'noFieldAt', `struct ${values.name} doesn't have field at offset ${values.off}`, values);
}

/** VE0915: R%register% is %name% invalid negative access: off=%off% */
export function mapPointerNegative(values: { readonly register: string | number; readonly name: string | number; readonly off: string | number } & MessageValues): Rejection {
  return new Rejection('VE0915', 'mapPointerNegative', `R${values.register} is ${values.name} invalid negative access: off=${values.off}`, values);
}

/** VE0916: only read from %name% is supported */
export function mapPointerWritten(values: { readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE0916', 'mapPointerWritten', `only read from ${values.name} is supported`, values);
}

/** VE0917: %name% access is allowed only to CAP_PERFMON and CAP_SYS_ADMIN */
export function mapPointerUnprivileged(values: { readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE0917', 'mapPointerUnprivileged', `${values.name} access is allowed only to CAP_PERFMON and CAP_SYS_ADMIN`, values);
}

/** VE0960: no write support to nf_conn at off %off% */
export function connectionReadOnly(values: { readonly off: string | number } & MessageValues): Rejection {
  return new Rejection('VE0960', 'connectionReadOnly', `no write support to nf_conn at off ${values.off}`, values);
}

/** VE0961: write access at off %off% with size %size% beyond the member of nf_conn ended at %end% */
export function connectionWriteBeyond(values: { readonly off: string | number; readonly size: string | number; readonly end: string | number } & MessageValues): Rejection {
  return new Rejection('VE0961', 'connectionWriteBeyond', `write access at off ${values.off} with size ${values.size} beyond the member of nf_conn ended at ${values.end}`, values);
}

/** VE1001: invalid BPF_JMP/JMP32 opcode %opcode% */
export function invalidJumpOpcode(values: { readonly opcode: string | number } & MessageValues): Rejection {
  return new Rejection('VE1001', 'invalidJumpOpcode', `invalid BPF_JMP/JMP32 opcode ${values.opcode}`, values);
}

/** VE1002: invalid may_goto imm %value% */
export function invalidMayGoto(values: { readonly value: string | number } & MessageValues): Rejection {
  return new Rejection('VE1002', 'invalidMayGoto', `invalid may_goto imm ${values.value}`, values);
}

/** VE1003: R%register% pointer comparison prohibited */
export function pointerComparison(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE1003', 'pointerComparison', `R${values.register} pointer comparison prohibited`, values);
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

/** VE1198: %place% the register %register% has %has% should have been in %allowed% */
export function returnOutOfRangeBits(values: { readonly place: string | number; readonly register: string | number; readonly has: string | number; readonly allowed: string | number } & MessageValues): Rejection {
  return new Rejection('VE1198', 'returnOutOfRangeBits', `${values.place} the register ${values.register} has ${values.has} should have been in ${values.allowed}`, values);
}

/** VE1201: calling kernel function %name% is not allowed */
export function kfuncNotAllowed(values: { readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE1201', 'kfuncNotAllowed', `calling kernel function ${values.name} is not allowed`, values);
}

/** VE1202: metadata kfuncs require device-bound program */
export function kfuncNeedsDevice(values: MessageValues = {}): Rejection {
  return new Rejection('VE1202', 'kfuncNeedsDevice', `metadata kfuncs require device-bound program`, values);
}

/** VE1203: program must be sleepable to call sleepable kfunc %kfunc% */
export function kfuncNeedsSleepable(values: { readonly kfunc: string | number } & MessageValues): Rejection {
  return new Rejection('VE1203', 'kfuncNeedsSleepable', `program must be sleepable to call sleepable kfunc ${values.kfunc}`, values);
}

/** VE1204: unexpected __bpf_trap() due to uninitialized variable? */
export function trapReached(values: MessageValues = {}): Rejection {
  return new Rejection('VE1204', 'trapReached', `unexpected __bpf_trap() due to uninitialized variable?`, values);
}

/** VE1205: Function %name% has %count% > 5 args */
export function kfuncManyArguments(values: { readonly name: string | number; readonly count: string | number } & MessageValues): Rejection {
  return new Rejection('VE1205', 'kfuncManyArguments', `Function ${values.name} has ${values.count} > 5 args`, values);
}

/** VE1206: R%register% must be a known constant */
export function kfuncConstantWanted(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE1206', 'kfuncConstantWanted', `R${values.register} must be a known constant`, values);
}

/** VE1207: 2 or more rdonly/rdwr_buf_size parameters for kfunc */
export function kfuncTwoResultSizes(values: MessageValues = {}): Rejection {
  return new Rejection('VE1207', 'kfuncTwoResultSizes', `2 or more rdonly/rdwr_buf_size parameters for kfunc`, values);
}

/** VE1208: R%register% is not a const */
export function kfuncResultSizeConstant(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE1208', 'kfuncResultSizeConstant', `R${values.register} is not a const`, values);
}

/** VE1209: Unrecognized arg#%index% type %kind% */
export function kfuncArgumentUnknown(values: { readonly index: string | number; readonly kind: string | number } & MessageValues): Rejection {
  return new Rejection('VE1209', 'kfuncArgumentUnknown', `Unrecognized arg#${values.index} type ${values.kind}`, values);
}

/** VE1210: Possibly NULL pointer passed to trusted arg%index% */
export function kfuncMayBeNull(values: { readonly index: string | number } & MessageValues): Rejection {
  return new Rejection('VE1210', 'kfuncMayBeNull', `Possibly NULL pointer passed to trusted arg${values.index}`, values);
}

/** VE1211: kernel function %kfunc% args#%index% pointer type %kind% %name% is not supported */
export function kfuncPointerKind(values: { readonly kfunc: string | number; readonly index: string | number; readonly kind: string | number; readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE1211', 'kfuncPointerKind', `kernel function ${values.kfunc} args#${values.index} pointer type ${values.kind} ${values.name} is not supported`, values);
}

/** VE1212: arg#%index% pointer type %kind% %name% must point to %what%scalar, or struct with scalar */
export function kfuncPointsToNoNumbers(values: { readonly index: string | number; readonly kind: string | number; readonly name: string | number; readonly what: string | number } & MessageValues): Rejection {
  return new Rejection('VE1212', 'kfuncPointsToNoNumbers', `arg#${values.index} pointer type ${values.kind} ${values.name} must point to ${values.what}scalar, or struct with scalar`, values);
}

/** VE1213: pointer in R%register% isn't map pointer */
export function kfuncMapWanted(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE1213', 'kfuncMapWanted', `pointer in R${values.register} isn't map pointer`, values);
}

/** VE1214: bpf_task_work pointer in R2 map_uid=%field% doesn't match map pointer in R3 map_uid=%map% */
export function kfuncTaskWorkOfOtherMap(values: { readonly field: string | number; readonly map: string | number } & MessageValues): Rejection {
  return new Rejection('VE1214', 'kfuncTaskWorkOfOtherMap', `bpf_task_work pointer in R2 map_uid=${values.field} doesn't match map pointer in R3 map_uid=${values.map}`, values);
}

/** VE1215: workqueue pointer in R1 map_uid=%field% doesn't match map pointer in R2 map_uid=%map% */
export function kfuncWorkqueueOfOtherMap(values: { readonly field: string | number; readonly map: string | number } & MessageValues): Rejection {
  return new Rejection('VE1215', 'kfuncWorkqueueOfOtherMap', `workqueue pointer in R1 map_uid=${values.field} doesn't match map pointer in R2 map_uid=${values.map}`, values);
}

/** VE1216: R%register% must be referenced or trusted */
export function kfuncNeedsTrusted(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE1216', 'kfuncNeedsTrusted', `R${values.register} must be referenced or trusted`, values);
}

/** VE1217: R%register% must be a rcu pointer */
export function kfuncNeedsRcuPointer(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE1217', 'kfuncNeedsRcuPointer', `R${values.register} must be a rcu pointer`, values);
}

/** VE1218: arg#%index% expected pointer to ctx, but got %type% */
export function kfuncContextWanted(values: { readonly index: string | number; readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE1218', 'kfuncContextWanted', `arg#${values.index} expected pointer to ctx, but got ${values.type}`, values);
}

/** VE1219: arg#%index% expected for %kfunc%() */
export function kfuncObjectForOther(values: { readonly index: string | number; readonly kfunc: string | number } & MessageValues): Rejection {
  return new Rejection('VE1219', 'kfuncObjectForOther', `arg#${values.index} expected for ${values.kfunc}()`, values);
}

/** VE1220: arg#%index% expected pointer to allocated object */
export function kfuncObjectWanted(values: { readonly index: string | number } & MessageValues): Rejection {
  return new Rejection('VE1220', 'kfuncObjectWanted', `arg#${values.index} expected pointer to allocated object`, values);
}

/** VE1221: allocated object must be referenced */
export function kfuncObjectNotOwned(values: MessageValues = {}): Rejection {
  return new Rejection('VE1221', 'kfuncObjectNotOwned', `allocated object must be referenced`, values);
}

/** VE1222: css_task_iter is only allowed in bpf_lsm, bpf_iter and sleepable progs */
export function iteratorOfTasksNotAllowed(values: MessageValues = {}): Rejection {
  return new Rejection('VE1222', 'iteratorOfTasksNotAllowed', `css_task_iter is only allowed in bpf_lsm, bpf_iter and sleepable progs`, values);
}

/** VE1223: arg#%index% expected pointer to map value or allocated object */
export function rootWanted(values: { readonly index: string | number } & MessageValues): Rejection {
  return new Rejection('VE1223', 'rootWanted', `arg#${values.index} expected pointer to map value or allocated object`, values);
}

/** VE1224: %kfunc% can only take non-owning or refcounted bpf_rb_node pointer */
export function kfuncTreeNodeWanted(values: { readonly kfunc: string | number } & MessageValues): Rejection {
  return new Rejection('VE1224', 'kfuncTreeNodeWanted', `${values.kfunc} can only take non-owning or refcounted bpf_rb_node pointer`, values);
}

/** VE1225: %kfunc% not allowed in rbtree cb */
export function notInTreeCallback(values: { readonly kfunc: string | number } & MessageValues): Rejection {
  return new Rejection('VE1225', 'notInTreeCallback', `${values.kfunc} not allowed in rbtree cb`, values);
}

/** VE1226: arg#%index% is %type% expected %expected% or socket */
export function kfuncNotAStructure(values: { readonly index: string | number; readonly type: string | number; readonly expected: string | number } & MessageValues): Rejection {
  return new Rejection('VE1226', 'kfuncNotAStructure', `arg#${values.index} is ${values.type} expected ${values.expected} or socket`, values);
}

/** VE1227: arg#%buffer% arg#%size% memory, len pair leads to invalid memory access */
export function kfuncMemoryPair(values: { readonly buffer: string | number; readonly size: string | number } & MessageValues): Rejection {
  return new Rejection('VE1227', 'kfuncMemoryPair', `arg#${values.buffer} arg#${values.size} memory, len pair leads to invalid memory access`, values);
}

/** VE1228: arg%index% expected pointer to func */
export function kfuncCallbackWanted(values: { readonly index: string | number } & MessageValues): Rejection {
  return new Rejection('VE1228', 'kfuncCallbackWanted', `arg${values.index} expected pointer to func`, values);
}

/** VE1229: arg#%index% is neither owning or non-owning ref */
export function kfuncReferenceWanted(values: { readonly index: string | number } & MessageValues): Rejection {
  return new Rejection('VE1229', 'kfuncReferenceWanted', `arg#${values.index} is neither owning or non-owning ref`, values);
}

/** VE1230: arg#%index% doesn't point to a type with bpf_refcount field */
export function kfuncNotRefcounted(values: { readonly index: string | number } & MessageValues): Rejection {
  return new Rejection('VE1230', 'kfuncNotRefcounted', `arg#${values.index} doesn't point to a type with bpf_refcount field`, values);
}

/** VE1231: arg#%index% doesn't point to a const string */
export function kfuncStringWanted(values: { readonly index: string | number } & MessageValues): Rejection {
  return new Rejection('VE1231', 'kfuncStringWanted', `arg#${values.index} doesn't point to a const string`, values);
}

/** VE1232: arg#%index% doesn't point to a map value */
export function kfuncMapValueWanted(values: { readonly index: string | number } & MessageValues): Rejection {
  return new Rejection('VE1232', 'kfuncMapValueWanted', `arg#${values.index} doesn't point to a map value`, values);
}

/** VE1233: arg#%index% doesn't point to an irq flag on stack */
export function kfuncIrqFlagWanted(values: { readonly index: string | number } & MessageValues): Rejection {
  return new Rejection('VE1233', 'kfuncIrqFlagWanted', `arg#${values.index} doesn't point to an irq flag on stack`, values);
}

/** VE1234: arg#%index% doesn't point to map value or allocated object */
export function kfuncLockWanted(values: { readonly index: string | number } & MessageValues): Rejection {
  return new Rejection('VE1234', 'kfuncLockWanted', `arg#${values.index} doesn't point to map value or allocated object`, values);
}

/** VE1235: release kernel function %name% expects refcounted PTR_TO_BTF_ID */
export function kfuncReleasesNothing(values: { readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE1235', 'kfuncReleasesNothing', `release kernel function ${values.name} expects refcounted PTR_TO_BTF_ID`, values);
}

/** VE1236: kernel function %kfunc% args#%index% expected pointer to %wantedKind% %wanted% but R%register% has a pointer to %kind% %name% */
export function kfuncOtherStructure(values: { readonly kfunc: string | number; readonly index: string | number; readonly wantedKind: string | number; readonly wanted: string | number; readonly register: string | number; readonly kind: string | number; readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE1236', 'kfuncOtherStructure', `kernel function ${values.kfunc} args#${values.index} expected pointer to ${values.wantedKind} ${values.wanted} but R${values.register} has a pointer to ${values.kind} ${values.name}`, values);
}

/** VE1237: kern ctx type id %type% is not a struct */
export function contextHasNoStructure(values: { readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE1237', 'contextHasNoStructure', `kern ctx type id ${values.type} is not a struct`, values);
}

/** VE1238: arg#%argument% expected pointer to an iterator on stack */
export function iteratorNotOnStack(values: { readonly argument: string | number } & MessageValues): Rejection {
  return new Rejection('VE1238', 'iteratorNotOnStack', `arg#${values.argument} expected pointer to an iterator on stack`, values);
}

/** VE1239: expected valid iter pointer as arg #%argument% */
export function iteratorWanted(values: { readonly argument: string | number } & MessageValues): Rejection {
  return new Rejection('VE1239', 'iteratorWanted', `expected valid iter pointer as arg #${values.argument}`, values);
}

/** VE1240: expected uninitialized iter_%name% as arg #%argument% */
export function iteratorNotUninitialised(values: { readonly name: string | number; readonly argument: string | number } & MessageValues): Rejection {
  return new Rejection('VE1240', 'iteratorNotUninitialised', `expected uninitialized iter_${values.name} as arg #${values.argument}`, values);
}

/** VE1241: expected an initialized iter_%name% as arg #%argument% */
export function iteratorNotInitialised(values: { readonly name: string | number; readonly argument: string | number } & MessageValues): Rejection {
  return new Rejection('VE1241', 'iteratorNotInitialised', `expected an initialized iter_${values.name} as arg #${values.argument}`, values);
}

/** VE1242: expected an RCU CS when using %kfunc% */
export function iteratorNeedsRcu(values: { readonly kfunc: string | number } & MessageValues): Rejection {
  return new Rejection('VE1242', 'iteratorNeedsRcu', `expected an RCU CS when using ${values.kfunc}`, values);
}

/** VE1243: expected uninitialized irq flag as arg#%argument% */
export function irqFlagNotUninitialised(values: { readonly argument: string | number } & MessageValues): Rejection {
  return new Rejection('VE1243', 'irqFlagNotUninitialised', `expected uninitialized irq flag as arg#${values.argument}`, values);
}

/** VE1244: expected an initialized irq flag as arg#%argument% */
export function irqFlagNotInitialised(values: { readonly argument: string | number } & MessageValues): Rejection {
  return new Rejection('VE1244', 'irqFlagNotInitialised', `expected an initialized irq flag as arg#${values.argument}`, values);
}

/** VE1245: irq flag acquired by %saved% kfuncs cannot be restored with %used% kfuncs */
export function irqFlagOfOtherSource(values: { readonly saved: string | number; readonly used: string | number } & MessageValues): Rejection {
  return new Rejection('VE1245', 'irqFlagOfOtherSource', `irq flag acquired by ${values.saved} kfuncs cannot be restored with ${values.used} kfuncs`, values);
}

/** VE1246: cannot restore irq state out of order, expected id=%id% acquired at insn_idx=%slot% */
export function irqRestoredOutOfOrder(values: { readonly id: string | number; readonly slot: string | number } & MessageValues): Rejection {
  return new Rejection('VE1246', 'irqRestoredOutOfOrder', `cannot restore irq state out of order, expected id=${values.id} acquired at insn_idx=${values.slot}`, values);
}

/** VE1247: R%register% doesn't have constant offset. %name% has to be at the constant offset */
export function graphFieldAtVariableOffset(values: { readonly register: string | number; readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE1247', 'graphFieldAtVariableOffset', `R${values.register} doesn't have constant offset. ${values.name} has to be at the constant offset`, values);
}

/** VE1248: %name% not found at offset=%off% */
export function graphFieldNotFound(values: { readonly name: string | number; readonly off: string | number } & MessageValues): Rejection {
  return new Rejection('VE1248', 'graphFieldNotFound', `${values.name} not found at offset=${values.off}`, values);
}

/** VE1249: bpf_spin_lock at off=%off% must be held for %name% */
export function graphLockNotHeld(values: { readonly off: string | number; readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE1249', 'graphLockNotHeld', `bpf_spin_lock at off=${values.off} must be held for ${values.name}`, values);
}

/** VE1250: operation on %root% expects arg#1 %node% at offset=%at% in struct %wanted%, but arg is at offset=%off% in struct %type% */
export function graphNodeOfOtherType(values: { readonly root: string | number; readonly node: string | number; readonly at: string | number; readonly wanted: string | number; readonly off: string | number; readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE1250', 'graphNodeOfOtherType', `operation on ${values.root} expects arg#1 ${values.node} at offset=${values.at} in struct ${values.wanted}, but arg is at offset=${values.off} in struct ${values.type}`, values);
}

/** VE1251: arg#1 offset=%off%, but expected %node% at offset=%at% in struct %wanted% */
export function graphNodeAtOtherOffset(values: { readonly off: string | number; readonly node: string | number; readonly at: string | number; readonly wanted: string | number } & MessageValues): Rejection {
  return new Rejection('VE1251', 'graphNodeAtOtherOffset', `arg#1 offset=${values.off}, but expected ${values.node} at offset=${values.at} in struct ${values.wanted}`, values);
}

/** VE1252: Calling bpf_rcu_read_{lock,unlock} in unnecessary rbtree callback */
export function rcuInTreeCallback(values: MessageValues = {}): Rejection {
  return new Rejection('VE1252', 'rcuInTreeCallback', `Calling bpf_rcu_read_{lock,unlock} in unnecessary rbtree callback`, values);
}

/** VE1253: nested rcu read lock (kernel function %kfunc%) */
export function nestedRcuLock(values: { readonly kfunc: string | number } & MessageValues): Rejection {
  return new Rejection('VE1253', 'nestedRcuLock', `nested rcu read lock (kernel function ${values.kfunc})`, values);
}

/** VE1254: unmatched rcu read unlock (kernel function %kfunc%) */
export function unmatchedRcuUnlock(values: { readonly kfunc: string | number } & MessageValues): Rejection {
  return new Rejection('VE1254', 'unmatchedRcuUnlock', `unmatched rcu read unlock (kernel function ${values.kfunc})`, values);
}

/** VE1255: kernel func %kfunc% is sleepable within rcu_read_lock region */
export function kfuncSleepsInRcu(values: { readonly kfunc: string | number } & MessageValues): Rejection {
  return new Rejection('VE1255', 'kfuncSleepsInRcu', `kernel func ${values.kfunc} is sleepable within rcu_read_lock region`, values);
}

/** VE1256: kernel func %kfunc% is sleepable within non-preemptible region */
export function kfuncSleepsInPreempt(values: { readonly kfunc: string | number } & MessageValues): Rejection {
  return new Rejection('VE1256', 'kfuncSleepsInPreempt', `kernel func ${values.kfunc} is sleepable within non-preemptible region`, values);
}

/** VE1257: kernel func %kfunc% is sleepable within IRQ-disabled region */
export function kfuncSleepsInIrq(values: { readonly kfunc: string | number } & MessageValues): Rejection {
  return new Rejection('VE1257', 'kfuncSleepsInIrq', `kernel func ${values.kfunc} is sleepable within IRQ-disabled region`, values);
}

/** VE1258: unmatched attempt to enable preemption (kernel function %kfunc%) */
export function unmatchedPreemptEnable(values: { readonly kfunc: string | number } & MessageValues): Rejection {
  return new Rejection('VE1258', 'unmatchedPreemptEnable', `unmatched attempt to enable preemption (kernel function ${values.kfunc})`, values);
}

/** VE1259: kernel func %kfunc% requires RCU critical section protection */
export function kfuncNeedsRcuSection(values: { readonly kfunc: string | number } & MessageValues): Rejection {
  return new Rejection('VE1259', 'kfuncNeedsRcuSection', `kernel func ${values.kfunc} requires RCU critical section protection`, values);
}

/** VE1260: kfunc %kfunc%#%id% reference has not been acquired before */
export function kfuncReleasesUnowned(values: { readonly kfunc: string | number; readonly id: string | number } & MessageValues): Rejection {
  return new Rejection('VE1260', 'kfuncReleasesUnowned', `kfunc ${values.kfunc}#${values.id} reference has not been acquired before`, values);
}

/** VE1261: acquire kernel function does not return PTR_TO_BTF_ID */
export function acquiresNoStructure(values: MessageValues = {}): Rejection {
  return new Rejection('VE1261', 'acquiresNoStructure', `acquire kernel function does not return PTR_TO_BTF_ID`, values);
}

/** VE1262: kernel function %kfunc% returns pointer type %kind% %name% is not supported */
export function kfuncReturnsUnknown(values: { readonly kfunc: string | number; readonly kind: string | number; readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE1262', 'kfuncReturnsUnknown', `kernel function ${values.kfunc} returns pointer type ${values.kind} ${values.name} is not supported`, values);
}

/** VE1263: local type ID argument must be in range [0, U32_MAX] */
export function objectTypeOutOfRange(values: MessageValues = {}): Rejection {
  return new Rejection('VE1263', 'objectTypeOutOfRange', `local type ID argument must be in range [0, U32_MAX]`, values);
}

/** VE1264: bpf_obj_new/bpf_percpu_obj_new requires prog BTF */
export function objectNeedsTypes(values: MessageValues = {}): Rejection {
  return new Rejection('VE1264', 'objectNeedsTypes', `bpf_obj_new/bpf_percpu_obj_new requires prog BTF`, values);
}

/** VE1265: bpf_obj_new/bpf_percpu_obj_new type ID argument must be of a struct */
export function objectNotAStructure(values: MessageValues = {}): Rejection {
  return new Rejection('VE1265', 'objectNotAStructure', `bpf_obj_new/bpf_percpu_obj_new type ID argument must be of a struct`, values);
}

/** VE1266: bpf_percpu_obj_new type size (%size%) is greater than %limit% */
export function percpuObjectTooLarge(values: { readonly size: string | number; readonly limit: string | number } & MessageValues): Rejection {
  return new Rejection('VE1266', 'percpuObjectTooLarge', `bpf_percpu_obj_new type size (${values.size}) is greater than ${values.limit}`, values);
}

/** VE1267: bpf_percpu_obj_new type ID argument must be of a struct of scalars */
export function percpuObjectNotNumbers(values: MessageValues = {}): Rejection {
  return new Rejection('VE1267', 'percpuObjectNotNumbers', `bpf_percpu_obj_new type ID argument must be of a struct of scalars`, values);
}

/** VE1268: bpf_percpu_obj_new type ID argument must not contain special fields */
export function percpuObjectWithFields(values: MessageValues = {}): Rejection {
  return new Rejection('VE1268', 'percpuObjectWithFields', `bpf_percpu_obj_new type ID argument must not contain special fields`, values);
}

/** VE1269: Unknown type ID %type% passed to kfunc bpf_rdonly_cast */
export function castToUnknownType(values: { readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE1269', 'castToUnknownType', `Unknown type ID ${values.type} passed to kfunc bpf_rdonly_cast`, values);
}

/** VE1270: kfunc bpf_rdonly_cast type ID argument must be of a struct%kinds% */
export function castToNoStructure(values: { readonly kinds: string | number } & MessageValues): Rejection {
  return new Rejection('VE1270', 'castToNoStructure', `kfunc bpf_rdonly_cast type ID argument must be of a struct${values.kinds}`, values);
}

/** VE1271: the prog does not allow writes to packet data */
export function packetNotWritable(values: MessageValues = {}): Rejection {
  return new Rejection('VE1271', 'packetNotWritable', `the prog does not allow writes to packet data`, values);
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

/** VE1404: arg#%argument% expected pointer to stack or const struct bpf_dynptr */
export function dynptrWanted(values: { readonly argument: string | number } & MessageValues): Rejection {
  return new Rejection('VE1404', 'dynptrWanted', `arg#${values.argument} expected pointer to stack or const struct bpf_dynptr`, values);
}

/** VE1405: cannot pass pointer to const bpf_dynptr, the helper mutates it */
export function constDynptrToMutator(values: MessageValues = {}): Rejection {
  return new Rejection('VE1405', 'constDynptrToMutator', `cannot pass pointer to const bpf_dynptr, the helper mutates it`, values);
}

/** VE1406: Expected an initialized dynptr as arg #%argument% */
export function dynptrNotInitialised(values: { readonly argument: string | number } & MessageValues): Rejection {
  return new Rejection('VE1406', 'dynptrNotInitialised', `Expected an initialized dynptr as arg #${values.argument}`, values);
}

/** VE1407: Expected a dynptr of type %type% as arg #%argument% */
export function dynptrOfOtherType(values: { readonly type: string | number; readonly argument: string | number } & MessageValues): Rejection {
  return new Rejection('VE1407', 'dynptrOfOtherType', `Expected a dynptr of type ${values.type} as arg #${values.argument}`, values);
}

/** VE1408: Dynptr has to be an uninitialized dynptr */
export function dynptrNotUninitialised(values: MessageValues = {}): Rejection {
  return new Rejection('VE1408', 'dynptrNotUninitialised', `Dynptr has to be an uninitialized dynptr`, values);
}

/** VE1409: Unsupported reg type %type% for bpf_dynptr_from_mem data */
export function dynptrFromOtherMemory(values: { readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE1409', 'dynptrFromOtherMemory', `Unsupported reg type ${values.type} for bpf_dynptr_from_mem data`, values);
}

/** VE1410: arg %register% is an unacquired reference */
export function releasesUnownedDynptr(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE1410', 'releasesUnownedDynptr', `arg ${values.register} is an unacquired reference`, values);
}

/** VE1411: cannot release unowned const bpf_dynptr */
export function releasesUnownedConstDynptr(values: MessageValues = {}): Rejection {
  return new Rejection('VE1411', 'releasesUnownedConstDynptr', `cannot release unowned const bpf_dynptr`, values);
}

/** VE1501: invalid func %helper% */
export function helperUnknown(values: { readonly helper: string | number } & MessageValues): Rejection {
  return new Rejection('VE1501', 'helperUnknown', `invalid func ${values.helper}`, values);
}

/** VE1502: program of this type cannot use helper %helper% */
export function helperNotAllowed(values: { readonly helper: string | number } & MessageValues): Rejection {
  return new Rejection('VE1502', 'helperNotAllowed', `program of this type cannot use helper ${values.helper}`, values);
}

/** VE1503: unknown func %helper% */
export function helperUnknownBefore(values: { readonly helper: string | number } & MessageValues): Rejection {
  return new Rejection('VE1503', 'helperUnknownBefore', `unknown func ${values.helper}`, values);
}

/** VE1504: cannot call GPL-restricted function from non-GPL compatible program */
export function helperForGplOnly(values: MessageValues = {}): Rejection {
  return new Rejection('VE1504', 'helperForGplOnly', `cannot call GPL-restricted function from non-GPL compatible program`, values);
}

/** VE1505: helper call might sleep in a non-sleepable prog */
export function callMightSleep(values: MessageValues = {}): Rejection {
  return new Rejection('VE1505', 'callMightSleep', `helper call might sleep in a non-sleepable prog`, values);
}

/** VE1506: sleepable %what% in rcu_read_lock region */
export function sleepsInRcuSection(values: { readonly what: string | number } & MessageValues): Rejection {
  return new Rejection('VE1506', 'sleepsInRcuSection', `sleepable ${values.what} in rcu_read_lock region`, values);
}

/** VE1507: sleepable %what% in non-preemptible region */
export function sleepsInPreemptRegion(values: { readonly what: string | number } & MessageValues): Rejection {
  return new Rejection('VE1507', 'sleepsInPreemptRegion', `sleepable ${values.what} in non-preemptible region`, values);
}

/** VE1508: sleepable %what% in IRQ-disabled region */
export function sleepsInIrqRegion(values: { readonly what: string | number } & MessageValues): Rejection {
  return new Rejection('VE1508', 'sleepsInIrqRegion', `sleepable ${values.what} in IRQ-disabled region`, values);
}

/** VE1509: R%register% type=%type% expected=%expected% */
export function registerNotOfType(values: { readonly register: string | number; readonly type: string | number; readonly expected: string | number } & MessageValues): Rejection {
  return new Rejection('VE1509', 'registerNotOfType', `R${values.register} type=${values.type} expected=${values.expected}`, values);
}

/** VE1510: %helper%() may write into memory pointed by R%register% type=%type% */
export function mayWriteTypedMemory(values: { readonly helper: string | number; readonly register: string | number; readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE1510', 'mayWriteTypedMemory', `${values.helper}() may write into memory pointed by R${values.register} type=${values.type}`, values);
}

/** VE1511: Possibly NULL pointer passed to helper arg%register% */
export function possiblyNullArgument(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE1511', 'possiblyNullArgument', `Possibly NULL pointer passed to helper arg${values.register}`, values);
}

/** VE1512: R%register% is of type %type% but %wanted% is expected */
export function wrongStructure(values: { readonly register: string | number; readonly type: string | number; readonly wanted: string | number } & MessageValues): Rejection {
  return new Rejection('VE1512', 'wrongStructure', `R${values.register} is of type ${values.type} but ${values.wanted} is expected`, values);
}

/** VE1513: R%register% must have zero offset when passed to release func or trusted arg to kfunc */
export function releasedWithOffset(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE1513', 'releasedWithOffset', `R${values.register} must have zero offset when passed to release func or trusted arg to kfunc`, values);
}

/** VE1514: R%register% must be referenced when passed to release function */
export function releasesUnowned(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE1514', 'releasesUnowned', `R${values.register} must be referenced when passed to release function`, values);
}

/** VE1515: func %helper% reference has not been acquired before */
export function referenceNotAcquired(values: { readonly helper: string | number } & MessageValues): Rejection {
  return new Rejection('VE1515', 'referenceNotAcquired', `func ${values.helper} reference has not been acquired before`, values);
}

/** VE1516: more than one arg with ref_obj_id R%register% %ref% %first% */
export function secondReferenceArgument(values: { readonly register: string | number; readonly ref: string | number; readonly first: string | number } & MessageValues): Rejection {
  return new Rejection('VE1516', 'secondReferenceArgument', `more than one arg with ref_obj_id R${values.register} ${values.ref} ${values.first}`, values);
}

/** VE1517: R%register% leaks addr into helper function */
export function pointerLeaksToHelper(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE1517', 'pointerLeaksToHelper', `R${values.register} leaks addr into helper function`, values);
}

/** VE1518: helper access to the packet is not allowed */
export function packetNotForHelper(values: MessageValues = {}): Rejection {
  return new Rejection('VE1518', 'packetNotForHelper', `helper access to the packet is not allowed`, values);
}

/** VE1519: R%register% is not a known constant' */
export function constantSizeWanted(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE1519', 'constantSizeWanted', `R${values.register} is not a known constant'`, values);
}

/** VE1520: Helper has invalid btf_id in R%register% */
export function invalidPercpuType(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE1520', 'invalidPercpuType', `Helper has invalid btf_id in R${values.register}`, values);
}

/** VE1521: cannot pass map_type %type% into func %helper% */
export function mapNotForHelper(values: { readonly type: string | number; readonly helper: string | number } & MessageValues): Rejection {
  return new Rejection('VE1521', 'mapNotForHelper', `cannot pass map_type ${values.type} into func ${values.helper}`, values);
}

/** VE1522: cannot update sockmap in this context */
export function socketMapNotHere(values: MessageValues = {}): Rejection {
  return new Rejection('VE1522', 'socketMapNotHere', `cannot update sockmap in this context`, values);
}

/** VE1523: mixing of tail_calls and bpf-to-bpf calls is not supported */
export function mixesTailCalls(values: MessageValues = {}): Rejection {
  return new Rejection('VE1523', 'mixesTailCalls', `mixing of tail_calls and bpf-to-bpf calls is not supported`, values);
}

/** VE1524: write into map forbidden */
export function helperWritesReadOnlyMap(values: MessageValues = {}): Rejection {
  return new Rejection('VE1524', 'helperWritesReadOnlyMap', `write into map forbidden`, values);
}

/** VE1525: get_local_storage() doesn't support non-zero flags */
export function localStorageFlags(values: MessageValues = {}): Rejection {
  return new Rejection('VE1525', 'localStorageFlags', `get_local_storage() doesn't support non-zero flags`, values);
}

/** VE1526: BPF_LSM_CGROUP that attach to void LSM hooks can't modify return value! */
export function voidHookReturnsNothing(values: MessageValues = {}): Rejection {
  return new Rejection('VE1526', 'voidHookReturnsNothing', `BPF_LSM_CGROUP that attach to void LSM hooks can't modify return value!`, values);
}

/** VE1527: func %helper% not supported for program type %type% */
export function functionIpElsewhere(values: { readonly helper: string | number; readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE1527', 'functionIpElsewhere', `func ${values.helper} not supported for program type ${values.type}`, values);
}

/** VE1528: func %helper% supported only for fentry/fexit/fmod_ret programs */
export function functionIpWithoutTrampoline(values: { readonly helper: string | number } & MessageValues): Rejection {
  return new Rejection('VE1528', 'functionIpWithoutTrampoline', `func ${values.helper} supported only for fentry/fexit/fmod_ret programs`, values);
}

/** VE1529: unable to resolve the size of type '%type%': -22 */
export function unresolvedSize(values: { readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE1529', 'unresolvedSize', `unable to resolve the size of type '${values.type}': -22`, values);
}

/** VE1530: R%register% does not point to a readonly map' */
export function stringNotReadOnly(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE1530', 'stringNotReadOnly', `R${values.register} does not point to a readonly map'`, values);
}

/** VE1531: R%register% is not a constant address' */
export function stringNotConstant(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE1531', 'stringNotConstant', `R${values.register} is not a constant address'`, values);
}

/** VE1532: no direct value access support for this map type */
export function stringWithoutAddress(values: MessageValues = {}): Rejection {
  return new Rejection('VE1532', 'stringWithoutAddress', `no direct value access support for this map type`, values);
}

/** VE1533: direct value access on string failed */
export function stringNotInArray(values: MessageValues = {}): Rejection {
  return new Rejection('VE1533', 'stringNotInArray', `direct value access on string failed`, values);
}

/** VE1534: string is not zero-terminated */
export function stringNotTerminated(values: MessageValues = {}): Rejection {
  return new Rejection('VE1534', 'stringNotTerminated', `string is not zero-terminated`, values);
}

/** VE1535: Invalid format string */
export function invalidFormat(values: MessageValues = {}): Rejection {
  return new Rejection('VE1535', 'invalidFormat', `Invalid format string`, values);
}

/** VE1536:  */
export function refusedSilently(values: MessageValues = {}): Rejection {
  return new Rejection('VE1536', 'refusedSilently', ``, values);
}

/** VE1537: helper call is not allowed in probe */
export function helperNotHere(values: MessageValues = {}): Rejection {
  return new Rejection('VE1537', 'helperNotHere', `helper call is not allowed in probe`, values);
}

/** VE1538: expected prog array map for tail call */
export function tailCallMapWanted(values: MessageValues = {}): Rejection {
  return new Rejection('VE1538', 'tailCallMapWanted', `expected prog array map for tail call`, values);
}

/** VE1590: program of this type cannot use helper %helper% */
export function helperWithheld(values: { readonly helper: string | number } & MessageValues): Rejection {
  return new Rejection('VE1590', 'helperWithheld', `program of this type cannot use helper ${values.helper}`, values);
}

/** VE1591: unknown func %helper% */
export function helperWithheldBefore(values: { readonly helper: string | number } & MessageValues): Rejection {
  return new Rejection('VE1591', 'helperWithheldBefore', `unknown func ${values.helper}`, values);
}

/** VE1593: tail_call abusing map_ptr */
export function tailCallMapsDiffer(values: MessageValues = {}): Rejection {
  return new Rejection('VE1593', 'tailCallMapsDiffer', `tail_call abusing map_ptr`, values);
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

/** VE1701: function calls are not allowed while holding a lock */
export function callUnderLock(values: MessageValues = {}): Rejection {
  return new Rejection('VE1701', 'callUnderLock', `function calls are not allowed while holding a lock`, values);
}

/** VE1702: R%register% doesn't have constant offset. %name%_lock has to be at the constant offset */
export function lockAtVariableOffset(values: { readonly register: string | number; readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE1702', 'lockAtVariableOffset', `R${values.register} doesn't have constant offset. ${values.name}_lock has to be at the constant offset`, values);
}

/** VE1703: map '%map%' has to have BTF in order to use %name%_lock */
export function lockMapWithoutTypes(values: { readonly map: string | number; readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE1703', 'lockMapWithoutTypes', `map '${values.map}' has to have BTF in order to use ${values.name}_lock`, values);
}

/** VE1704: %place% '%owner%' has no valid %name%_lock */
export function hasNoLock(values: { readonly place: string | number; readonly owner: string | number; readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE1704', 'hasNoLock', `${values.place} '${values.owner}' has no valid ${values.name}_lock`, values);
}

/** VE1705: Locking two bpf_spin_locks are not allowed */
export function secondLock(values: MessageValues = {}): Rejection {
  return new Rejection('VE1705', 'secondLock', `Locking two bpf_spin_locks are not allowed`, values);
}

/** VE1706: Acquiring the same lock again, AA deadlock detected */
export function sameLockAgain(values: MessageValues = {}): Rejection {
  return new Rejection('VE1706', 'sameLockAgain', `Acquiring the same lock again, AA deadlock detected`, values);
}

/** VE1707: %name%_unlock without taking a lock */
export function unlockWithoutLock(values: { readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE1707', 'unlockWithoutLock', `${values.name}_unlock without taking a lock`, values);
}

/** VE1708: %name%_unlock of different lock */
export function unlockOfOtherLock(values: { readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE1708', 'unlockOfOtherLock', `${values.name}_unlock of different lock`, values);
}

/** VE1709: %name%_unlock cannot be out of order */
export function unlockOutOfOrder(values: { readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE1709', 'unlockOutOfOrder', `${values.name}_unlock cannot be out of order`, values);
}

/** VE1710: can't spin_{lock,unlock} in rbtree cb */
export function lockInTreeCallback(values: MessageValues = {}): Rejection {
  return new Rejection('VE1710', 'lockInTreeCallback', `can't spin_{lock,unlock} in rbtree cb`, values);
}

/** VE1801: R%register% doesn't have constant offset. %name% has to be at the constant offset */
export function fieldAtVariableOffset(values: { readonly register: string | number; readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE1801', 'fieldAtVariableOffset', `R${values.register} doesn't have constant offset. ${values.name} has to be at the constant offset`, values);
}

/** VE1802: map '%map%' has to have BTF in order to use %name% */
export function mapWithoutTypes(values: { readonly map: string | number; readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE1802', 'mapWithoutTypes', `map '${values.map}' has to have BTF in order to use ${values.name}`, values);
}

/** VE1803: map '%map%' has no valid %name% */
export function mapHasNoField(values: { readonly map: string | number; readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE1803', 'mapHasNoField', `map '${values.map}' has no valid ${values.name}`, values);
}

/** VE1804: off %off% doesn't point to 'struct %name%' that is at %at% */
export function fieldAtOtherOffset(values: { readonly off: string | number; readonly name: string | number; readonly at: string | number } & MessageValues): Rejection {
  return new Rejection('VE1804', 'fieldAtOtherOffset', `off ${values.off} doesn't point to 'struct ${values.name}' that is at ${values.at}`, values);
}

/** VE1805: map '%map%' has to have BTF in order to use bpf_kptr_xchg */
export function kptrMapWithoutTypes(values: { readonly map: string | number } & MessageValues): Rejection {
  return new Rejection('VE1805', 'kptrMapWithoutTypes', `map '${values.map}' has to have BTF in order to use bpf_kptr_xchg`, values);
}

/** VE1806: R%register% doesn't have constant offset. kptr has to be at the constant offset */
export function kptrAtVariableOffset(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE1806', 'kptrAtVariableOffset', `R${values.register} doesn't have constant offset. kptr has to be at the constant offset`, values);
}

/** VE1807: R%register% has no valid kptr */
export function noKptr(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE1807', 'noKptr', `R${values.register} has no valid kptr`, values);
}

/** VE1808: off=%off% doesn't point to kptr */
export function noKptrAtOffset(values: { readonly off: string | number } & MessageValues): Rejection {
  return new Rejection('VE1808', 'noKptrAtOffset', `off=${values.off} doesn't point to kptr`, values);
}

/** VE1809: off=%off% kptr isn't referenced kptr */
export function kptrNotReferenced(values: { readonly off: string | number } & MessageValues): Rejection {
  return new Rejection('VE1809', 'kptrNotReferenced', `off=${values.off} kptr isn't referenced kptr`, values);
}

/** VE1810: timer pointer in R1 map_uid=%timer% doesn't match map pointer in R2 map_uid=%map% */
export function timerOfOtherMap(values: { readonly timer: string | number; readonly map: string | number } & MessageValues): Rejection {
  return new Rejection('VE1810', 'timerOfOtherMap', `timer pointer in R1 map_uid=${values.timer} doesn't match map pointer in R2 map_uid=${values.map}`, values);
}

/** VE2001: call to invalid destination */
export function callToInvalidDestination(values: MessageValues = {}): Rejection {
  return new Rejection('VE2001', 'callToInvalidDestination', `call to invalid destination`, values);
}

/** VE2002: too many subprograms */
export function tooManySubprograms(values: MessageValues = {}): Rejection {
  return new Rejection('VE2002', 'tooManySubprograms', `too many subprograms`, values);
}

/** VE2003: loading/calling other bpf or kernel functions are allowed for CAP_BPF and CAP_SYS_ADMIN */
export function unprivilegedCalls(values: MessageValues = {}): Rejection {
  return new Rejection('VE2003', 'unprivilegedCalls', `loading/calling other bpf or kernel functions are allowed for CAP_BPF and CAP_SYS_ADMIN`, values);
}

/** VE2004: jump out of range from insn %slot% to %target% */
export function jumpOutOfRange(values: { readonly slot: string | number; readonly target: string | number } & MessageValues): Rejection {
  return new Rejection('VE2004', 'jumpOutOfRange', `jump out of range from insn ${values.slot} to ${values.target}`, values);
}

/** VE2005: last insn is not an exit or jmp */
export function lastInstructionFallsThrough(values: MessageValues = {}): Rejection {
  return new Rejection('VE2005', 'lastInstructionFallsThrough', `last insn is not an exit or jmp`, values);
}

/** VE2006: unreachable insn %slot% */
export function unreachableInstruction(values: { readonly slot: string | number } & MessageValues): Rejection {
  return new Rejection('VE2006', 'unreachableInstruction', `unreachable insn ${values.slot}`, values);
}

/** VE2007: back-edge from insn %slot% to %target% */
export function backEdge(values: { readonly slot: string | number; readonly target: string | number } & MessageValues): Rejection {
  return new Rejection('VE2007', 'backEdge', `back-edge from insn ${values.slot} to ${values.target}`, values);
}

/** VE2008: jump into the middle of ldimm64 insn %slot% */
export function jumpIntoWideLoad(values: { readonly slot: string | number } & MessageValues): Rejection {
  return new Rejection('VE2008', 'jumpIntoWideLoad', `jump into the middle of ldimm64 insn ${values.slot}`, values);
}

/** VE2009: EINVAL */
export function malformedGoto(values: MessageValues = {}): Rejection {
  return new Rejection('VE2009', 'malformedGoto', `EINVAL`, values);
}

/** VE2010: invalid bpf_ld_imm64 insn */
export function invalidWideLoad(values: MessageValues = {}): Rejection {
  return new Rejection('VE2010', 'invalidWideLoad', `invalid bpf_ld_imm64 insn`, values);
}

/** VE2011: unrecognized bpf_ld_imm64 insn */
export function unrecognizedWideLoad(values: MessageValues = {}): Rejection {
  return new Rejection('VE2011', 'unrecognizedWideLoad', `unrecognized bpf_ld_imm64 insn`, values);
}

/** VE2012: unknown opcode %opcode% */
export function unknownOpcode(values: { readonly opcode: string | number } & MessageValues): Rejection {
  return new Rejection('VE2012', 'unknownOpcode', `unknown opcode ${values.opcode}`, values);
}

/** VE2013: fd %fd% is not pointing to valid bpf_map */
export function badMapDescriptor(values: { readonly fd: string | number } & MessageValues): Rejection {
  return new Rejection('VE2013', 'badMapDescriptor', `fd ${values.fd} is not pointing to valid bpf_map`, values);
}

/** VE2014: The total number of maps per program has reached the limit of %limit% */
export function tooManyMaps(values: { readonly limit: string | number } & MessageValues): Rejection {
  return new Rejection('VE2014', 'tooManyMaps', `The total number of maps per program has reached the limit of ${values.limit}`, values);
}

/** VE2015: direct value offset of %off% is not allowed */
export function directValueOffset(values: { readonly off: string | number } & MessageValues): Rejection {
  return new Rejection('VE2015', 'directValueOffset', `direct value offset of ${values.off} is not allowed`, values);
}

/** VE2016: no direct value access support for this map type */
export function noDirectValues(values: MessageValues = {}): Rejection {
  return new Rejection('VE2016', 'noDirectValues', `no direct value access support for this map type`, values);
}

/** VE2017: invalid access to map value pointer, value_size=%valueSize% off=%off% */
export function outsideMapValue(values: { readonly valueSize: string | number; readonly off: string | number } & MessageValues): Rejection {
  return new Rejection('VE2017', 'outsideMapValue', `invalid access to map value pointer, value_size=${values.valueSize} off=${values.off}`, values);
}

/** VE2018: tracing progs cannot use %field% yet */
export function mapFieldInTracing(values: { readonly field: string | number } & MessageValues): Rejection {
  return new Rejection('VE2018', 'mapFieldInTracing', `tracing progs cannot use ${values.field} yet`, values);
}

/** VE2019: socket filter progs cannot use %field% yet */
export function mapFieldInSocketFilter(values: { readonly field: string | number } & MessageValues): Rejection {
  return new Rejection('VE2019', 'mapFieldInSocketFilter', `socket filter progs cannot use ${values.field} yet`, values);
}

/** VE2020: bpf_struct_ops map cannot be used in prog */
export function structOpsMapInProgram(values: MessageValues = {}): Rejection {
  return new Rejection('VE2020', 'structOpsMapInProgram', `bpf_struct_ops map cannot be used in prog`, values);
}

/** VE2021: Sleepable programs can only use %allowed% maps */
export function sleepableMapType(values: { readonly allowed: string | number } & MessageValues): Rejection {
  return new Rejection('VE2021', 'sleepableMapType', `Sleepable programs can only use ${values.allowed} maps`, values);
}

/** VE2022: only one cgroup storage of each type is allowed */
export function secondCgroupStorage(values: MessageValues = {}): Rejection {
  return new Rejection('VE2022', 'secondCgroupStorage', `only one cgroup storage of each type is allowed`, values);
}

/** VE2023: Only one arena per program */
export function secondArena(values: MessageValues = {}): Rejection {
  return new Rejection('VE2023', 'secondArena', `Only one arena per program`, values);
}

/** VE2024: CAP_BPF and CAP_PERFMON are required to use arena */
export function arenaNeedsPrivileges(values: MessageValues = {}): Rejection {
  return new Rejection('VE2024', 'arenaNeedsPrivileges', `CAP_BPF and CAP_PERFMON are required to use arena`, values);
}

/** VE2025: combined stack size of %calls% calls is %depth%. Too large */
export function combinedStackTooLarge(values: { readonly calls: string | number; readonly depth: string | number } & MessageValues): Rejection {
  return new Rejection('VE2025', 'combinedStackTooLarge', `combined stack size of ${values.calls} calls is ${values.depth}. Too large`, values);
}

/** VE2026: stack size of subprog %number% is %size%. Too large */
export function stackTooLarge(values: { readonly number: string | number; readonly size: string | number } & MessageValues): Rejection {
  return new Rejection('VE2026', 'stackTooLarge', `stack size of subprog ${values.number} is ${values.size}. Too large`, values);
}

/** VE2027: tail_calls are not allowed when call stack of previous frames is %depth% bytes. Too large */
export function tailCallStackTooLarge(values: { readonly depth: string | number } & MessageValues): Rejection {
  return new Rejection('VE2027', 'tailCallStackTooLarge', `tail_calls are not allowed when call stack of previous frames is ${values.depth} bytes. Too large`, values);
}

/** VE2028: the call stack of %frames% frames is too deep ! */
export function callChainTooDeep(values: { readonly frames: string | number } & MessageValues): Rejection {
  return new Rejection('VE2028', 'callChainTooDeep', `the call stack of ${values.frames} frames is too deep !`, values);
}

/** VE2029: insn %slot% cannot call exception cb directly */
export function exceptionCallbackCalled(values: { readonly slot: string | number } & MessageValues): Rejection {
  return new Rejection('VE2029', 'exceptionCallbackCalled', `insn ${values.slot} cannot call exception cb directly`, values);
}

/** VE2030: cannot tail call within exception cb */
export function tailCallInExceptionCallback(values: MessageValues = {}): Rejection {
  return new Rejection('VE2030', 'tailCallInExceptionCallback', `cannot tail call within exception cb`, values);
}

/** VE2031: bpf_throw kfunc (insn %slot%) cannot be called from callback subprog %number% */
export function throwFromCallback(values: { readonly slot: string | number; readonly number: string | number } & MessageValues): Rejection {
  return new Rejection('VE2031', 'throwFromCallback', `bpf_throw kfunc (insn ${values.slot}) cannot be called from callback subprog ${values.number}`, values);
}

/** VE2032: cannot call kernel function from non-GPL compatible program */
export function kfuncNeedsGpl(values: MessageValues = {}): Rejection {
  return new Rejection('VE2032', 'kfuncNeedsGpl', `cannot call kernel function from non-GPL compatible program`, values);
}

/** VE2033: negative offset disallowed for kernel module function call / failed to find BTF for kernel function */
export function negativeKfuncOffset(values: MessageValues = {}): Rejection {
  return new Rejection('VE2033', 'negativeKfuncOffset', `negative offset disallowed for kernel module function call\nfailed to find BTF for kernel function`, values);
}

/** VE2034: kfunc offset > 0 without fd_array is invalid / failed to find BTF for kernel function */
export function kfuncWithoutBtfFile(values: MessageValues = {}): Rejection {
  return new Rejection('VE2034', 'kfuncWithoutBtfFile', `kfunc offset > 0 without fd_array is invalid\nfailed to find BTF for kernel function`, values);
}

/** VE2035: kernel btf_id %type% is not a function */
export function kfuncNotAFunction(values: { readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE2035', 'kfuncNotAFunction', `kernel btf_id ${values.type} is not a function`, values);
}

/** VE2036: too many different kernel function calls */
export function tooManyKfuncs(values: MessageValues = {}): Rejection {
  return new Rejection('VE2036', 'tooManyKfuncs', `too many different kernel function calls`, values);
}

/** VE2037: ldimm64 insn specifies invalid btf_id %type%. */
export function kernelSymbolInvalid(values: { readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE2037', 'kernelSymbolInvalid', `ldimm64 insn specifies invalid btf_id ${values.type}.`, values);
}

/** VE2038: pseudo btf_id %type% in ldimm64 isn't KIND_VAR or KIND_FUNC */
export function kernelSymbolKind(values: { readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE2038', 'kernelSymbolKind', `pseudo btf_id ${values.type} in ldimm64 isn't KIND_VAR or KIND_FUNC`, values);
}

/** VE2039: ldimm64 unable to resolve the size of type '%type%': %error% */
export function kernelSymbolSize(values: { readonly type: string | number; readonly error: string | number } & MessageValues): Rejection {
  return new Rejection('VE2039', 'kernelSymbolSize', `ldimm64 unable to resolve the size of type '${values.type}': ${values.error}`, values);
}

/** VE2040: kernel is missing BTF, make sure CONFIG_DEBUG_INFO_BTF=y is specified in Kconfig. */
export function kernelSymbolWithoutTypes(values: MessageValues = {}): Rejection {
  return new Rejection('VE2040', 'kernelSymbolWithoutTypes', `kernel is missing BTF, make sure CONFIG_DEBUG_INFO_BTF=y is specified in Kconfig.`, values);
}

/** VE2041: invalid kernel function call not eliminated in verifier pass */
export function kfuncNotEliminated(values: MessageValues = {}): Rejection {
  return new Rejection('VE2041', 'kfuncNotEliminated', `invalid kernel function call not eliminated in verifier pass`, values);
}

/** VE2042: BPF_LD_[ABS|IND] instructions cannot be mixed with bpf-to-bpf calls */
export function legacyLoadAmongCalls(values: MessageValues = {}): Rejection {
  return new Rejection('VE2042', 'legacyLoadAmongCalls', `BPF_LD_[ABS|IND] instructions cannot be mixed with bpf-to-bpf calls`, values);
}

/** VE2043: function calls to other bpf functions are allowed for root only */
export function functionCallsUnsupported(values: MessageValues = {}): Rejection {
  return new Rejection('VE2043', 'functionCallsUnsupported', `function calls to other bpf functions are allowed for root only`, values);
}

/** VE2044: sleepable progs cannot use bpf_spin_lock yet */
export function sleepableSpinLock(values: MessageValues = {}): Rejection {
  return new Rejection('VE2044', 'sleepableSpinLock', `sleepable progs cannot use bpf_spin_lock yet`, values);
}

/** VE2045: fd_idx without fd_array is invalid */
export function mapIndexWithoutTable(values: MessageValues = {}): Rejection {
  return new Rejection('VE2045', 'mapIndexWithoutTable', `fd_idx without fd_array is invalid`, values);
}

/** VE2046: invalid module BTF object FD specified. */
export function kernelSymbolModule(values: MessageValues = {}): Rejection {
  return new Rejection('VE2046', 'kernelSymbolModule', `invalid module BTF object FD specified.`, values);
}

/** VE2047: ldimm64 failed to find the address for kernel symbol '%name%'. */
export function kernelSymbolAddress(values: { readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE2047', 'kernelSymbolAddress', `ldimm64 failed to find the address for kernel symbol '${values.name}'.`, values);
}

/** VE2060: arena's user address must be set via map_extra or mmap() */
export function arenaWithoutAddress(values: MessageValues = {}): Rejection {
  return new Rejection('VE2060', 'arenaWithoutAddress', `arena's user address must be set via map_extra or mmap()`, values);
}

/** VE2101: EINVAL */
export function loadInvalid(values: MessageValues = {}): Rejection {
  return new Rejection('VE2101', 'loadInvalid', `EINVAL`, values);
}

/** VE2102: EINVAL */
export function loadFlagUnknown(values: MessageValues = {}): Rejection {
  return new Rejection('VE2102', 'loadFlagUnknown', `EINVAL`, values);
}

/** VE2103: E2BIG */
export function programSize(values: MessageValues = {}): Rejection {
  return new Rejection('VE2103', 'programSize', `E2BIG`, values);
}

/** VE2104: EPERM */
export function loadNotPermitted(values: MessageValues = {}): Rejection {
  return new Rejection('VE2104', 'loadNotPermitted', `EPERM`, values);
}

/** VE2105: EINVAL */
export function programTypeUnknown(values: MessageValues = {}): Rejection {
  return new Rejection('VE2105', 'programTypeUnknown', `EINVAL`, values);
}

/** VE2106: EINVAL */
export function attachTargetNotAllowed(values: MessageValues = {}): Rejection {
  return new Rejection('VE2106', 'attachTargetNotAllowed', `EINVAL`, values);
}

/** VE2107: EINVAL */
export function attachTypeMismatch(values: MessageValues = {}): Rejection {
  return new Rejection('VE2107', 'attachTypeMismatch', `EINVAL`, values);
}

/** VE2108: nonzero insn_off %slot% for the first func info record */
export function functionInfoStart(values: { readonly slot: string | number } & MessageValues): Rejection {
  return new Rejection('VE2108', 'functionInfoStart', `nonzero insn_off ${values.slot} for the first func info record`, values);
}

/** VE2109: same or smaller insn offset (%slot%) than previous func info record (%previous%) */
export function functionInfoOrder(values: { readonly slot: string | number; readonly previous: string | number } & MessageValues): Rejection {
  return new Rejection('VE2109', 'functionInfoOrder', `same or smaller insn offset (${values.slot}) than previous func info record (${values.previous})`, values);
}

/** VE2110: invalid type id %type% in func info */
export function functionInfoType(values: { readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE2110', 'functionInfoType', `invalid type id ${values.type} in func info`, values);
}

/** VE2111: number of funcs in func_info doesn't match number of subprogs */
export function functionCountMismatch(values: MessageValues = {}): Rejection {
  return new Rejection('VE2111', 'functionCountMismatch', `number of funcs in func_info doesn't match number of subprogs`, values);
}

/** VE2112: func_info BTF section doesn't match subprog layout in BPF program */
export function functionLayoutMismatch(values: MessageValues = {}): Rejection {
  return new Rejection('VE2112', 'functionLayoutMismatch', `func_info BTF section doesn't match subprog layout in BPF program`, values);
}

/** VE2113: LD_ABS is only allowed in functions that return 'int'. */
export function legacyLoadNeedsInt(values: MessageValues = {}): Rejection {
  return new Rejection('VE2113', 'legacyLoadNeedsInt', `LD_ABS is only allowed in functions that return 'int'.`, values);
}

/** VE2114: tail_call is only allowed in functions that return 'int'. */
export function tailCallNeedsInt(values: MessageValues = {}): Rejection {
  return new Rejection('VE2114', 'tailCallNeedsInt', `tail_call is only allowed in functions that return 'int'.`, values);
}

/** VE2115: LD_ABS is not allowed in subprogs without BTF */
export function legacyLoadWithoutTypes(values: MessageValues = {}): Rejection {
  return new Rejection('VE2115', 'legacyLoadWithoutTypes', `LD_ABS is not allowed in subprogs without BTF`, values);
}

/** VE2116: tail_call is not allowed in subprogs without BTF */
export function tailCallWithoutTypes(values: MessageValues = {}): Rejection {
  return new Rejection('VE2116', 'tailCallWithoutTypes', `tail_call is not allowed in subprogs without BTF`, values);
}

/** VE2117: Invalid line_info[%index%].insn_off:%slot% (prev_offset:%previous% prog->len:%length%) */
export function lineInfoOffset(values: { readonly index: string | number; readonly slot: string | number; readonly previous: string | number; readonly length: string | number } & MessageValues): Rejection {
  return new Rejection('VE2117', 'lineInfoOffset', `Invalid line_info[${values.index}].insn_off:${values.slot} (prev_offset:${values.previous} prog->len:${values.length})`, values);
}

/** VE2118: Invalid insn code at line_info[%index%].insn_off */
export function lineInfoInsideWideLoad(values: { readonly index: string | number } & MessageValues): Rejection {
  return new Rejection('VE2118', 'lineInfoInsideWideLoad', `Invalid insn code at line_info[${values.index}].insn_off`, values);
}

/** VE2119: missing bpf_line_info for func#%number% */
export function missingLineInfoOfFunction(values: { readonly number: string | number } & MessageValues): Rejection {
  return new Rejection('VE2119', 'missingLineInfoOfFunction', `missing bpf_line_info for func#${values.number}`, values);
}

/** VE2120: missing bpf_line_info for %missing% funcs starting from func#%number% */
export function missingLineInfoAtEnd(values: { readonly missing: string | number; readonly number: string | number } & MessageValues): Rejection {
  return new Rejection('VE2120', 'missingLineInfoAtEnd', `missing bpf_line_info for ${values.missing} funcs starting from func#${values.number}`, values);
}

/** VE2121: exception callback '%name%' could not be found in BTF */
export function exceptionCallbackNotFound(values: { readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE2121', 'exceptionCallbackNotFound', `exception callback '${values.name}' could not be found in BTF`, values);
}

/** VE2122: exception callback '%name%' must have global linkage */
export function exceptionCallbackNotGlobal(values: { readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE2122', 'exceptionCallbackNotGlobal', `exception callback '${values.name}' must have global linkage`, values);
}

/** VE2123: exception callback type id not found in func_info */
export function exceptionCallbackWithoutInfo(values: MessageValues = {}): Rejection {
  return new Rejection('VE2123', 'exceptionCallbackWithoutInfo', `exception callback type id not found in func_info`, values);
}

/** VE2124: multiple exception callback tags for main subprog */
export function manyExceptionCallbacks(values: MessageValues = {}): Rejection {
  return new Rejection('VE2124', 'manyExceptionCallbacks', `multiple exception callback tags for main subprog`, values);
}

/** VE2125: exception cb only supports single integer argument */
export function exceptionCallbackArgument(values: MessageValues = {}): Rejection {
  return new Rejection('VE2125', 'exceptionCallbackArgument', `exception cb only supports single integer argument`, values);
}

/** VE2126: Invalid line_info[%index%].line_off or .file_name_off */
export function lineInfoText(values: { readonly index: string | number } & MessageValues): Rejection {
  return new Rejection('VE2126', 'lineInfoText', `Invalid line_info[${values.index}].line_off or .file_name_off`, values);
}

/** VE2201: Syscall programs can only be sleepable */
export function syscallMustSleep(values: MessageValues = {}): Rejection {
  return new Rejection('VE2201', 'syscallMustSleep', `Syscall programs can only be sleepable`, values);
}

/** VE2202: Only %types% can be sleepable */
export function onlyTracingSleeps(values: { readonly types: string | number } & MessageValues): Rejection {
  return new Rejection('VE2202', 'onlyTracingSleeps', `Only ${values.types} can be sleepable`, values);
}

/** VE2203: Tracing programs must provide btf_id */
export function noAttachTarget(values: MessageValues = {}): Rejection {
  return new Rejection('VE2203', 'noAttachTarget', `Tracing programs must provide btf_id`, values);
}

/** VE2204: attach_btf_id %type% is not a function */
export function targetNotAFunction(values: { readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE2204', 'targetNotAFunction', `attach_btf_id ${values.type} is not a function`, values);
}

/** VE2205: attach_btf_id %type% is not a typedef */
export function targetNotATypedef(values: { readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE2205', 'targetNotATypedef', `attach_btf_id ${values.type} is not a typedef`, values);
}

/** VE2206: attach_btf_id %type% points to wrong type name %name% */
export function tracepointName(values: { readonly type: string | number; readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE2206', 'tracepointName', `attach_btf_id ${values.type} points to wrong type name ${values.name}`, values);
}

/** VE2207: EINVAL */
export function notAttachable(values: MessageValues = {}): Rejection {
  return new Rejection('VE2207', 'notAttachable', `EINVAL`, values);
}

/** VE2208: EINVAL */
export function attachTypeNotSupported(values: MessageValues = {}): Rejection {
  return new Rejection('VE2208', 'attachTypeNotSupported', `EINVAL`, values);
}

/** VE2209: %name% is not sleepable */
export function targetNotSleepable(values: { readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE2209', 'targetNotSleepable', `${values.name} is not sleepable`, values);
}

/** VE2210: %name%() is not modifiable */
export function targetNotModifiable(values: { readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE2210', 'targetNotModifiable', `${values.name}() is not modifiable`, values);
}

/** VE2211: Attaching tracing programs to function '%name%' is rejected. */
export function attachToTracingDenied(values: { readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE2211', 'attachToTracingDenied', `Attaching tracing programs to function '${values.name}' is rejected.`, values);
}

/** VE2212: Attaching fexit/fmod_ret to __noreturn %which% is rejected. */
export function fexitOfNoReturn(values: { readonly which: string | number } & MessageValues): Rejection {
  return new Rejection('VE2212', 'fexitOfNoReturn', `Attaching fexit/fmod_ret to __noreturn ${values.which} is rejected.`, values);
}

/** VE2213: LSM programs must have a GPL compatible license */
export function hookNeedsGpl(values: MessageValues = {}): Rejection {
  return new Rejection('VE2213', 'hookNeedsGpl', `LSM programs must have a GPL compatible license`, values);
}

/** VE2214: attach_btf_id %type% points to disabled hook %name% */
export function deniedHook(values: { readonly type: string | number; readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE2214', 'deniedHook', `attach_btf_id ${values.type} points to disabled hook ${values.name}`, values);
}

/** VE2215: attach_btf_id %type% points to wrong type name %name% */
export function notAHook(values: { readonly type: string | number; readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE2215', 'notAHook', `attach_btf_id ${values.type} points to wrong type name ${values.name}`, values);
}

/** VE2216: Cannot replace kernel functions */
export function extensionOfKernel(values: MessageValues = {}): Rejection {
  return new Rejection('VE2216', 'extensionOfKernel', `Cannot replace kernel functions`, values);
}

/** VE2217: The function %name% has %count% arguments. Too many. */
export function targetTooManyArguments(values: { readonly name: string | number; readonly count: string | number } & MessageValues): Rejection {
  return new Rejection('VE2217', 'targetTooManyArguments', `The function ${values.name} has ${values.count} arguments. Too many.`, values);
}

/** VE2218: The function %name% return type %type% is unsupported. */
export function targetReturnType(values: { readonly name: string | number; readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE2218', 'targetReturnType', `The function ${values.name} return type ${values.type} is unsupported.`, values);
}

/** VE2219: The function %name% with variable args is unsupported. */
export function targetVariadic(values: { readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE2219', 'targetVariadic', `The function ${values.name} with variable args is unsupported.`, values);
}

/** VE2220: The function %name% arg%index% type %type% is unsupported. */
export function targetArgumentType(values: { readonly name: string | number; readonly index: string | number; readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE2220', 'targetArgumentType', `The function ${values.name} arg${values.index} type ${values.type} is unsupported.`, values);
}

/** VE2221: The function %name% has malformed void argument. */
export function targetVoidArgument(values: { readonly name: string | number } & MessageValues): Rejection {
  return new Rejection('VE2221', 'targetVoidArgument', `The function ${values.name} has malformed void argument.`, values);
}

/** VE2222: struct ops programs must have a GPL compatible license */
export function structOpsNeedsGpl(values: MessageValues = {}): Rejection {
  return new Rejection('VE2222', 'structOpsNeedsGpl', `struct ops programs must have a GPL compatible license`, values);
}

/** VE2223: attach_btf_id %type% is not a supported struct */
export function structOpsType(values: { readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE2223', 'structOpsType', `attach_btf_id ${values.type} is not a supported struct`, values);
}

/** VE2224: attach to invalid member idx %index% of struct %structure% */
export function structOpsMemberIndex(values: { readonly index: string | number; readonly structure: string | number } & MessageValues): Rejection {
  return new Rejection('VE2224', 'structOpsMemberIndex', `attach to invalid member idx ${values.index} of struct ${values.structure}`, values);
}

/** VE2225: attach to invalid member %member%(@idx %index%) of struct %structure% */
export function structOpsMember(values: { readonly member: string | number; readonly index: string | number; readonly structure: string | number } & MessageValues): Rejection {
  return new Rejection('VE2225', 'structOpsMember', `attach to invalid member ${values.member}(@idx ${values.index}) of struct ${values.structure}`, values);
}

/** VE2226: attach to unsupported member %member% of struct %structure% */
export function structOpsUnsupportedMember(values: { readonly member: string | number; readonly structure: string | number } & MessageValues): Rejection {
  return new Rejection('VE2226', 'structOpsUnsupportedMember', `attach to unsupported member ${values.member} of struct ${values.structure}`, values);
}

/** VE2227: ENOTSUPP */
export function structOpsTarget(values: MessageValues = {}): Rejection {
  return new Rejection('VE2227', 'structOpsTarget', `ENOTSUPP`, values);
}

/** VE2301: R%register% leaks addr as return value */
export function returnLeaksAddress(values: { readonly register: string | number } & MessageValues): Rejection {
  return new Rejection('VE2301', 'returnLeaksAddress', `R${values.register} leaks addr as return value`, values);
}

/** VE2302: %place% the register R%register% is not a known value (%type%) */
export function returnNotKnown(values: { readonly place: string | number; readonly register: string | number; readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE2302', 'returnNotKnown', `${values.place} the register R${values.register} is not a known value (${values.type})`, values);
}

/** VE2303: At subprogram exit the register R%register% is not a scalar value (%type%) */
export function subprogramReturnNotScalar(values: { readonly register: string | number; readonly type: string | number } & MessageValues): Rejection {
  return new Rejection('VE2303', 'subprogramReturnNotScalar', `At subprogram exit the register R${values.register} is not a scalar value (${values.type})`, values);
}

/** VE2304: %text% / Note, BPF_LSM_CGROUP that attach to void LSM hooks can't modify return value! */
export function voidHookReturn(values: { readonly text: string | number } & MessageValues): Rejection {
  return new Rejection('VE2304', 'voidHookReturn', `${values.text}\nNote, BPF_LSM_CGROUP that attach to void LSM hooks can't modify return value!`, values);
}

/** VE2305: BPF_LD_[ABS|IND] instructions not allowed for this program type */
export function legacyLoadNotAllowed(values: MessageValues = {}): Rejection {
  return new Rejection('VE2305', 'legacyLoadNotAllowed', `BPF_LD_[ABS|IND] instructions not allowed for this program type`, values);
}

/** VE2306: at the time of BPF_LD_ABS|IND R6 != pointer to skb */
export function legacyLoadNotContext(values: MessageValues = {}): Rejection {
  return new Rejection('VE2306', 'legacyLoadNotContext', `at the time of BPF_LD_ABS|IND R6 != pointer to skb`, values);
}

/** VE2307: missing btf func_info */
export function callbackWithoutTypes(values: MessageValues = {}): Rejection {
  return new Rejection('VE2307', 'callbackWithoutTypes', `missing btf func_info`, values);
}

/** VE2308: callback function not static */
export function callbackNotStatic(values: MessageValues = {}): Rejection {
  return new Rejection('VE2308', 'callbackNotStatic', `callback function not static`, values);
}

/** VE2309: invalid BPF_LD_IMM insn */
export function invalidImmediateLoad(values: MessageValues = {}): Rejection {
  return new Rejection('VE2309', 'invalidImmediateLoad', `invalid BPF_LD_IMM insn`, values);
}

/** VE2310: ENOTSUPP */
export function returnNotSupported(values: MessageValues = {}): Rejection {
  return new Rejection('VE2310', 'returnNotSupported', `ENOTSUPP`, values);
}

/** VE2311: callback function cannot be the main program */
export function callbackIsMain(values: MessageValues = {}): Rejection {
  return new Rejection('VE2311', 'callbackIsMain', `callback function cannot be the main program`, values);
}
