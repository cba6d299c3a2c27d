/** Functions that a trampoline can stand before: arguments and results of plain kinds and sizes (`btf_distill_func_proto`). */
import type { Btf } from '../../bpf/btf/btf.ts';
import { skipTypedefs } from '../../bpf/btf/layout.ts';
import type { BtfPrototype, TypeId } from '../../bpf/btf/type.ts';
import { kindText } from '../call/prototype.ts';
import {
  targetArgumentType,
  targetReturnType,
  targetTooManyArguments,
  targetVariadic,
  targetVoidArgument,
} from '../messages.gen.ts';

/** `MAX_BPF_FUNC_ARGS` */
const MAX_ARGUMENTS = 12;
/** Two registers. */
const MAX_ARGUMENT_SIZE = 16;

/** @throws Rejection */
export function checkFunctionModel(btf: Btf, prototype: BtfPrototype, name: string): void {
  const { parameters } = prototype;
  if (parameters.length > MAX_ARGUMENTS) throw targetTooManyArguments({ name, count: parameters.length });
  const result = btf.type(skipTypedefs(btf, prototype.returns));
  if (sizeOfPlain(btf, prototype.returns) < 0 || result.kind === 'struct' || result.kind === 'union') {
    throw targetReturnType({ name, type: kindText(result) });
  }
  for (const [index, { type }] of parameters.entries()) {
    if (index === parameters.length - 1 && type === 0) throw targetVariadic({ name });
    const size = sizeOfPlain(btf, type);
    if (size < 0 || size > MAX_ARGUMENT_SIZE) {
      throw targetArgumentType({ name, index, type: kindText(btf.type(skipTypedefs(btf, type))) });
    }
    if (size === 0) throw targetVoidArgument({ name });
  }
}

/** Bytes of a number, a pointer or a structure; 0 for void, -1 for all else (`__get_type_size`). */
function sizeOfPlain(btf: Btf, id: TypeId): number {
  const type = btf.type(skipTypedefs(btf, id));
  switch (type.kind) {
    case 'void':
      return 0;
    case 'ptr':
      return 8;
    case 'int':
    case 'enum':
    case 'enum64':
    case 'struct':
    case 'union':
      return type.size;
    default:
      return -1;
  }
}
