/** Arguments of a user program's function as debugging information tells them, in the registers that hold them at its entry. */
import type { FunctionSymbol, UserBinary } from '../../../bpf/elf/user/index.ts';
import { typeFromDwarf } from '../../types/from-dwarf.ts';
import type { Type } from '../../types/type.ts';
import type { ArgumentPlace, ProbeArgument } from '../probe-arguments.ts';
import { argumentRegister } from '../registers.ts';

const WORD = 8;

/** Undefined without debugging information. */
export function userArguments(
  binary: UserBinary,
  symbol: FunctionSymbol,
): readonly ProbeArgument[] | undefined {
  const signature = binary.functionSignature(symbol.name, symbol.address);
  const { dwarf } = binary;
  if (signature === undefined || dwarf === undefined) return undefined;
  let next = 0;
  return signature.parameters.map(({ name, type: id, text }, index) => {
    const type = typeFromDwarf(dwarf, id);
    const words = Math.ceil(type.size / WORD);
    const place = placeOf(type, next);
    next += words <= 2 ? words : 0;
    const own = name || `arg${index}`;
    return {
      name: own,
      type: type.kind === 'none' ? undefined : type,
      place,
      cType: text,
      declaration: dwarf.text(id, own),
    };
  });
}

/** System V ABI for x86-64: integers and pointers in order; what is larger than a register is elsewhere. */
function placeOf(type: Type, next: number): ArgumentPlace {
  if (type.size === 0) return { kind: 'nowhere', reason: 'it is in a vector register' };
  if (type.size > WORD || type.kind === 'struct') return { kind: 'nowhere', reason: 'it is passed by value' };
  return argumentRegister(next);
}
