/** Arguments and results of functions of the kernel as its types tell them: in registers, in words of a context. */
import type { Btf } from '../../bpf/btf/btf.ts';
import { resolveType, sizeOf } from '../../bpf/btf/layout.ts';
import type { BtfComposite, BtfPrototype, TypeId } from '../../bpf/btf/type.ts';
import { typeName } from '../../bpf/btf/type-name.ts';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import { typeFromBtf } from '../types/from-btf.ts';
import type { ArgumentPlace, ProbeArgument, ProbeArguments } from './probe-arguments.ts';
import { argumentRegister, register } from './registers.ts';

const WORD = 8;

export interface KernelFunctionType {
  readonly btf: Btf;
  readonly prototype: BtfPrototype;
}

/** `module`: `vmlinux` or absent is the kernel itself first. */
export function kernelFunction(
  { btf, moduleBtf }: KernelInfo,
  name: string,
  module?: string,
): KernelFunctionType | undefined {
  const own = module === undefined || module === 'vmlinux';
  const tables = own
    ? [btf, ...(module === undefined ? (moduleBtf?.values() ?? []) : [])]
    : [moduleBtf?.get(module)];
  for (const table of tables) {
    const id = table?.find(name, 'func');
    if (table === undefined || id === undefined) continue;
    const found = table.type(id);
    const prototype = found.kind === 'func' ? table.type(found.type) : undefined;
    if (prototype?.kind === 'func_proto') return { btf: table, prototype };
  }
  return undefined;
}

/** As compilers pass them: a small structure takes one register or two, a large one is in memory. */
export function registerArguments({ btf, prototype }: KernelFunctionType): readonly ProbeArgument[] {
  let next = 0;
  return parametersOf(prototype).map(({ name, type }, index) => {
    const words = wordsOf(btf, type);
    const place: ArgumentPlace =
      words === 1 ? argumentRegister(next) : { kind: 'nowhere', reason: 'it is larger than a register' };
    next += words <= 2 ? words : 0;
    return argument(btf, name || `arg${index}`, type, place);
  });
}

export function registerResult({ btf, prototype }: KernelFunctionType): ProbeArgument {
  return argument(btf, 'retval', prototype.returns, register('ax'));
}

/** The context of `fentry` and `fexit`: a word for each argument, then the result. */
export function wordArguments({ btf, prototype }: KernelFunctionType, returned: boolean): ProbeArguments {
  const layout = (): { readonly named: readonly ProbeArgument[]; readonly end: number } => {
    let word = 0;
    const named = parametersOf(prototype).map(({ name, type }, index) => {
      const place: ArgumentPlace = { kind: 'word', offset: word * WORD };
      word += wordsOf(btf, type);
      return argument(btf, name || `arg${index}`, type, place);
    });
    return { named, end: word * WORD };
  };
  return {
    named: () => layout().named,
    ...(returned && {
      returned: () => argument(btf, 'retval', prototype.returns, { kind: 'word', offset: layout().end }),
    }),
  };
}

/** Members of the context's own structure. */
export function memberArguments(btf: Btf, { members }: BtfComposite): ProbeArguments {
  return {
    named: () =>
      members.flatMap((member) => {
        // An iterator's pointers are in unions of one, which only widen them to eight bytes.
        const inner = resolveType(btf, member.type);
        const one = inner.kind === 'union' && member.name === '' ? inner.members[0] : member;
        if (one === undefined) return [];
        return argument(btf, one.name, one.type, { kind: 'member', offset: member.bitOffset / 8 });
      }),
  };
}

export function argument(btf: Btf, name: string, id: TypeId, place: ArgumentPlace): ProbeArgument {
  const type = typeFromBtf(btf, id, 'kernel');
  return {
    name,
    type: type.kind === 'none' ? undefined : type,
    place,
    cType: typeName(btf, id),
    declaration: typeName(btf, id, name),
  };
}

/** Without the `...` of variadic functions. */
function parametersOf({ parameters }: BtfPrototype): BtfPrototype['parameters'] {
  return parameters.filter(({ name, type }) => name !== '' || type !== 0);
}

function wordsOf(btf: Btf, id: TypeId): number {
  return Math.max(1, Math.ceil((sizeOf(btf, id) ?? WORD) / WORD));
}
