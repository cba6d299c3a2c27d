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
