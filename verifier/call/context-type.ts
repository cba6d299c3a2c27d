/** Which struct of the program's types stands for the context (`btf_is_prog_ctx_type`, `btf_validate_prog_ctx_type`). */
import type { Btf } from '../../bpf/btf/btf.ts';
import { resolveType, skipModifiers } from '../../bpf/btf/layout.ts';
import type { TypeId } from '../../bpf/btf/type.ts';
import type { ProgramTypeName } from '../../bpf/programs.ts';
import type { Environment } from '../environment.ts';
import { argumentShouldBeStruct, argumentShouldBeVoidPointer, argumentTypeUnnamed } from '../messages.gen.ts';

/** Names in user programs that may stand for another one: the kernel's own struct behind it. */
const PROJECTIONS: Readonly<Record<string, string>> = { __sk_buff: 'sk_buff', xdp_md: 'xdp_buff' };

/** The canonical name of the context, undefined when the type has no struct of its own. */
function contextName(env: Environment): string | undefined {
  const { context, name } = env.type;
  if (context !== null) return context;
  return NAMED[name];
}

/** Contexts that the table of program types leaves open, though the kernel names them. */
const NAMED: Readonly<Partial<Record<ProgramTypeName, string>>> = { netfilter: 'bpf_nf_ctx' };

/** Type `id`, behind the pointer of an argument, is the program type's context. */
export function isContextType(env: Environment, btf: Btf, id: TypeId): boolean {
  if (env.type.name === 'kprobe' && isUserRegisters(btf, id)) return true;
  const type = resolveType(btf, id);
  if (type.kind !== 'struct' && type.kind !== 'union') return false;
  const context = contextName(env);
  if (context === undefined || type.name === '') return false;
  return type.name === context || type.name === PROJECTIONS[context];
}

function isUserRegisters(btf: Btf, id: TypeId): boolean {
  const type = btf.type(skipModifiers(btf, id));
  return type.kind === 'typedef' && type.name === 'bpf_user_pt_regs_t';
}

/** An argument tagged `arg:ctx` has a type that may stand for the context. @throws Rejection */
export function checkTaggedContext(env: Environment, btf: Btf, id: TypeId, index: number): void {
  const program = env.type.name;
  if ((program === 'kprobe' || program === 'perf_event') && isUserRegisters(btf, id)) return;
  const type = resolveType(btf, id);
  if (type.kind === 'void') return;
  const name = 'name' in type ? type.name : '';
  if (name === '') throw argumentTypeUnnamed({ index });
  const isStruct = type.kind === 'struct' || type.kind === 'union';
  const isWord = type.kind === 'int' && type.size === 8;
  if (takesAnyContext(program) || isSpecialContext(env, name, isStruct, isWord)) return;
  const context = contextName(env);
  if (context === undefined) throw argumentShouldBeVoidPointer({ index });
  if (!isStruct || name !== context) throw argumentShouldBeStruct({ index, name: context });
}

function takesAnyContext(program: ProgramTypeName): boolean {
  return program === 'tracepoint' || program === 'syscall' || program === 'ext';
}

/** Other spellings than the canonical struct. */
function isSpecialContext(env: Environment, name: string, isStruct: boolean, isWord: boolean): boolean {
  switch (env.type.name) {
    case 'kprobe':
    case 'perf_event':
      return isStruct && name === 'pt_regs';
    case 'raw_tracepoint':
    case 'raw_tracepoint_writable':
    case 'lsm':
    case 'struct_ops':
      return isWord;
    case 'tracing':
      return isTracingContext(env, name, isStruct, isWord);
    default:
      return false;
  }
}

function isTracingContext(env: Environment, name: string, isStruct: boolean, isWord: boolean): boolean {
  switch (env.input.attachType) {
    case 'trace_raw_tp':
      return isWord || (isStruct && name === 'bpf_raw_tracepoint_args');
    case 'trace_iter':
      return isStruct && name.startsWith('bpf_iter__');
    case 'trace_fentry':
    case 'trace_fexit':
    case 'modify_return':
      return isWord;
    default:
      return false;
  }
}
