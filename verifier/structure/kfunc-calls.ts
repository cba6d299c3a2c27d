/** Kernel functions a program calls: may it at all, does the kernel have them (`add_kfunc_call`). */
import type { Btf } from '../../bpf/btf/btf.ts';
import type { BtfPrototype, TypeId } from '../../bpf/btf/type.ts';
import { isGplCompatible } from '../../bpf/helpers/index.ts';
import type { Environment } from '../environment.ts';
import { type Insn, isKfuncCall } from '../instruction.ts';
import {
  kfuncNeedsGpl,
  kfuncNotAFunction,
  kfuncNotEliminated,
  kfuncWithoutBtfFile,
  negativeKfuncOffset,
  tooManyKfuncs,
} from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';

/** `MAX_KFUNC_DESCS` */
const MAX_KFUNCS = 256;

export interface Kfunc {
  readonly name: string;
  readonly btf: Btf;
  /** The `func`. */
  readonly type: TypeId;
  readonly prototype: BtfPrototype;
}

/** The kernel function called at `slot`, in the kernel's types or a module's; undefined: there is none. */
export function findKfunc(env: Environment, slot: number): Kfunc | undefined {
  const name = env.input.kfuncSlots?.get(slot);
  if (name !== undefined) return findByName(env, name);
  const { imm, off } = env.insns[slot]!;
  return off === 0 && env.btf !== undefined ? kfuncOf(env.btf, imm) : undefined;
}

function findByName(env: Environment, name: string): Kfunc | undefined {
  const own = env.btf?.find(name, 'func');
  if (own !== undefined) return kfuncOf(env.btf!, own);
  for (const module of env.kernel.modules?.values() ?? []) {
    const id = module.find(name, 'func');
    if (id !== undefined) return kfuncOf(module, id);
  }
  return undefined;
}

function kfuncOf(btf: Btf, id: TypeId): Kfunc | undefined {
  if (id <= 0 || id >= btf.end) return undefined;
  const type = btf.type(id);
  if (type.kind !== 'func') return undefined;
  const prototype = btf.type(type.type);
  return prototype.kind === 'func_proto' ? { name: type.name, btf, type: id, prototype } : undefined;
}

/** The program's calls of kernel functions, in order. */
export class KfuncCalls {
  readonly #env: Environment;
  readonly #seen = new Set<string>();

  constructor(env: Environment) {
    this.#env = env;
  }

  /** @throws Rejection */
  add(slot: number, insn: Insn): void {
    const env = this.#env;
    // The walk refuses the field that makes it one.
    if (!env.supports('kfuncs')) return;
    if (!isGplCompatible(env.input.license ?? 'GPL')) throw kfuncNeedsGpl({ slot });
    const named = env.input.kfuncSlots?.get(slot);
    // A call of nothing is refused when the walk comes to it: it may be code for other kernels.
    if (named === undefined && insn.imm === 0 && insn.off === 0) return;
    if (env.btf === undefined) throw unsupported('a kernel function without the types of the kernel');
    if (named === undefined && insn.off < 0) throw negativeKfuncOffset({ slot });
    if (named === undefined && insn.off > 0) throw kfuncWithoutBtfFile({ slot });
    const kfunc = findKfunc(env, slot);
    if (kfunc === undefined) {
      // A name the kernel does not have is left to be a call of nothing, as loaders do with weak symbols.
      if (named !== undefined) return;
      throw kfuncNotAFunction({ type: insn.imm >>> 0, slot });
    }
    const key = `${kfunc.btf.firstId}:${kfunc.type}`;
    if (this.#seen.has(key)) return;
    if (this.#seen.size === MAX_KFUNCS) throw tooManyKfuncs({ slot });
    this.#seen.add(key);
  }
}

/** A call of nothing that the walk came to stays in the program (`fixup_kfunc_call`). @throws Rejection */
export function checkKfuncsExist(env: Environment): void {
  for (let slot = 0; slot < env.insns.length; slot++) {
    if (!env.aux[slot]!.seen || !isKfuncCall(env.insns[slot]!)) continue;
    if (findKfunc(env, slot) === undefined) throw kfuncNotEliminated({ slot });
  }
}
