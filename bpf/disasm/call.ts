/** Text of calls: helpers by name, functions by name or distance, kernel functions by name or BTF number. */
import { CallKind } from '../fields.ts';
import { helperById } from '../helpers/index.ts';
import type { Instruction } from '../instruction.ts';
import type { DisasmStyle } from './notation.ts';

export function callText({ ref, src, imm, off }: Instruction, style: DisasmStyle): string {
  if (ref?.kind === 'function' || ref?.kind === 'kfunc') return `call ${ref.name}`;
  // llvm-objdump prints the bare number whatever is called.
  if (style === 'llvm') return `call ${imm}`;
  if (src === CallKind.local) return `call pc${imm < 0 ? '' : '+'}${imm}`;
  if (src === CallKind.kfunc) return `call kfunc#${imm}${off === 0 ? '' : `@${off}`}`;
  const helper = helperById(imm);
  return helper === undefined ? `call unknown#${imm}` : `call bpf_${helper.name}#${imm}`;
}
