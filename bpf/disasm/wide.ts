/**
 * Text of wide immediates. Beyond plain numbers: `map[name]`, `map[name][0]+8`, `func[name]`, `ksym[name]`, and the same
 * with numbers where no name is known: `map[fd:3]`, `map[idx:0][0]+8`, `func[pc+2]`, `ksym[id:5]`.
 */
import { joinWide } from '../build/wide.ts';
import { WideKind } from '../fields.ts';
import type { Instruction } from '../instruction.ts';
import type { Notation } from './notation.ts';

export function wideText(instruction: Instruction, notation: Notation): string {
  const { ref, src, imm } = instruction;
  const high = instruction.immHigh ?? 0;
  switch (ref?.kind) {
    case 'map':
      return `map[${ref.name}]`;
    case 'map-value':
      return `map[${ref.name}][0]+${ref.offset}`;
    case 'function':
      return `func[${ref.name}]`;
    case 'ksym':
      return `ksym[${ref.name}]`;
  }
  if (src === WideKind.value) return notation.wide(joinWide(imm, high));
  if (src === WideKind.mapValue) return `map[fd:${imm}][0]+${high >>> 0}`;
  if (src === WideKind.mapIdxValue) return `map[idx:${imm}][0]+${high >>> 0}`;
  if (src === WideKind.mapFd && high === 0) return `map[fd:${imm}]`;
  if (src === WideKind.mapIdx && high === 0) return `map[idx:${imm}]`;
  if (src === WideKind.btfId && high === 0) return `ksym[id:${imm}]`;
  if (src === WideKind.func && high === 0) return `func[pc${imm < 0 ? '' : '+'}${imm}]`;
  // A high half where the kernel wants none, or a BTF file number.
  return `wide[${src}, ${imm}, ${high}]`;
}
