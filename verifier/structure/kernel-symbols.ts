/** Variables and functions of the kernel that a wide load names by their type (`check_pseudo_btf_id`). */
import type { Btf } from '../../bpf/btf/btf.ts';
import { sizeOf, skipTypedefs } from '../../bpf/btf/layout.ts';
import type { TypeId } from '../../bpf/btf/type.ts';
import type { Environment } from '../environment.ts';
import type { WideLoad } from '../instruction-aux.ts';
import {
  kernelSymbolAddress,
  kernelSymbolInvalid,
  kernelSymbolKind,
  kernelSymbolModule,
  kernelSymbolSize,
  kernelSymbolWithoutTypes,
} from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';

interface Symbol {
  readonly btf: Btf;
  readonly id: TypeId;
}

/** @throws Rejection */
export function kernelSymbol(env: Environment, slot: number): WideLoad {
  const { btf, id } = findSymbol(env, slot);
  const type = btf.type(id);
  if (type.kind !== 'var' && type.kind !== 'func') throw kernelSymbolKind({ type: id, slot });
  if (env.kernel.symbols?.has(type.name) === false) throw kernelSymbolAddress({ name: type.name, slot });
  if (type.kind === 'func') return { kind: 'memory', size: 0 };
  if (isPerCpu(btf, id)) return { kind: 'variable', btf, type: type.type, percpu: true };
  const target = skipTypedefs(btf, type.type);
  const { kind } = btf.type(target);
  if (kind === 'struct') return { kind: 'variable', btf, type: type.type, percpu: false };
  const size = sizeOf(btf, target);
  if (size === undefined) throw kernelSymbolSize({ type: btf.nameOf(target), error: -22, slot });
  return { kind: 'memory', size };
}

function findSymbol(env: Environment, slot: number): Symbol {
  const named = env.input.ksymSlots?.get(slot);
  if (named === undefined && env.insns[slot + 1]!.imm !== 0) throw kernelSymbolModule({ slot });
  if (env.btf === undefined) {
    if (named === undefined) throw kernelSymbolWithoutTypes({ slot });
    throw unsupported('a kernel variable without the types of the kernel');
  }
  if (named === undefined) return findByNumber(env.btf, env.insns[slot]!.imm, slot);
  for (const btf of [env.btf, ...(env.kernel.modules?.values() ?? [])]) {
    const id =
      named.kind === undefined
        ? (btf.find(named.name, 'var') ?? btf.find(named.name, 'func'))
        : btf.find(named.name, named.kind);
    if (id !== undefined) return { btf, id };
  }
  throw unsupported(`the kernel symbol ${named.name}, which the kernel's types do not have`);
}

function findByNumber(btf: Btf, id: number, slot: number): Symbol {
  if (id < 0 || id >= btf.end) throw kernelSymbolInvalid({ type: id, slot });
  return { btf, id };
}

/** It lies in the section of variables that each CPU has its own of. */
function isPerCpu(btf: Btf, variable: TypeId): boolean {
  const section = btf.find('.data..percpu', 'datasec');
  const type = section === undefined ? undefined : btf.type(section);
  return type?.kind === 'datasec' && type.variables.some((one) => one.type === variable);
}
