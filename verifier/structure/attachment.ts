/**
 * What the program attaches to, where its arguments, its result or whether it may sleep depend on that
 * (`check_attach_btf_id`). Sets `env.attachTarget`.
 */
import type { Btf } from '../../bpf/btf/btf.ts';
import type { BtfPrototype, TypeId } from '../../bpf/btf/type.ts';
import { isGplCompatible } from '../../bpf/helpers/index.ts';
import { HOOK_PREFIX, isSleepableHook } from '../../bpf/lsm-hooks.ts';
import { DISABLED_HOOKS, NO_HOOKS } from '../../bpf/tables/lsm-hooks.ts';
import type { Environment } from '../environment.ts';
import {
  attachToTracingDenied,
  attachTypeNotSupported,
  deniedHook,
  extensionOfKernel,
  fexitOfNoReturn,
  hookNeedsGpl,
  noAttachTarget,
  notAHook,
  notAttachable,
  onlyTracingSleeps,
  syscallMustSleep,
  targetNotAFunction,
  targetNotATypedef,
  targetNotModifiable,
  targetNotSleepable,
  tracepointName,
} from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';
import { checkFunctionModel } from './function-model.ts';
import { isModifiable, maySleepIn } from './injectable-functions.ts';
import { attachStructOps } from './struct-ops.ts';

const TRACEPOINT_PREFIX = 'btf_trace_';
const ITERATOR_PREFIX = 'bpf_iter_';

/** `btf_id_deny`: the trampoline itself runs through them. */
const DENIED: ReadonlySet<string> = new Set([
  '___migrate_enable',
  'migrate_disable',
  'migrate_enable',
  'rcu_read_unlock_strict',
  'preempt_count_add',
  'preempt_count_sub',
  '__rcu_read_lock',
  '__rcu_read_unlock',
]);

/** `noreturn_deny`: no exit to see. */
const NO_RETURN: ReadonlySet<string> = new Set([
  '__ia32_sys_exit',
  '__ia32_sys_exit_group',
  '__kunit_abort',
  'kunit_try_catch_throw',
  '__module_put_and_kthread_exit',
  '__x64_sys_exit',
  '__x64_sys_exit_group',
  'do_exit',
  'do_group_exit',
  'kthread_complete_and_exit',
  'kthread_exit',
  'make_task_dead',
]);

const SLEEPABLE_ATTACH_TYPES: ReadonlySet<string> = new Set([
  'trace_fentry',
  'trace_fexit',
  'modify_return',
  'trace_iter',
]);

interface Target {
  readonly name: string;
  readonly btf: Btf;
  readonly type: TypeId;
}

/** @throws Rejection */
export function checkAttachment(env: Environment): void {
  const { name } = env.type;
  const sleepable = env.input.sleepable ?? false;
  if (name === 'syscall') {
    if (!sleepable) throw syscallMustSleep({});
    return;
  }
  if (sleepable && !canSleep(env)) throw onlyTracingSleeps({ types: sleepingTypes(env) });
  if (name === 'struct_ops') {
    attachStructOps(env);
    return;
  }
  if (name !== 'tracing' && name !== 'lsm' && name !== 'ext') return;
  const target = findTarget(env);
  if (name === 'ext') throw extensionOfKernel({});
  attach(env, target);
}

/** `can_be_sleepable` */
function canSleep(env: Environment): boolean {
  switch (env.type.name) {
    case 'tracing':
      return SLEEPABLE_ATTACH_TYPES.has(env.attachType) || !env.atLeast('6.3');
    case 'lsm':
      return true;
    case 'kprobe':
      return env.supports('sleepable_uprobes');
    case 'struct_ops':
      return env.atLeast('6.3');
    default:
      return false;
  }
}

function sleepingTypes(env: Environment): string {
  if (env.atLeast('6.3')) return 'fentry/fexit/fmod_ret, lsm, iter, uprobe, and struct_ops programs';
  if (env.supports('sleepable_uprobes')) return 'fentry/fexit/fmod_ret, lsm, and kprobe/uprobe programs';
  return 'fentry/fexit/fmod_ret and lsm programs';
}

function findTarget(env: Environment): Target {
  const wanted = env.input.attachTo;
  if (wanted === undefined) throw noAttachTarget({});
  const btf = wanted.module === undefined ? env.btf : env.kernel.modules?.get(wanted.module);
  if (btf === undefined) throw unsupported('a program with typed arguments without the types of the kernel');
  const type = btf.find(wanted.name, wanted.kind);
  if (type !== undefined) return { name: wanted.name, btf, type };
  const prefixed = TARGET_PREFIX[wanted.kind === 'func' ? env.attachType : wanted.kind];
  const long = prefixed === undefined ? undefined : btf.find(prefixed + wanted.name, wanted.kind);
  if (long === undefined) throw unsupported(`${wanted.name}, which the kernel's types do not have`);
  return { name: prefixed + wanted.name, btf, type: long };
}

/** What libbpf puts before the name of a target. */
const TARGET_PREFIX: Readonly<Record<string, string>> = {
  typedef: TRACEPOINT_PREFIX,
  lsm_mac: HOOK_PREFIX,
  lsm_cgroup: HOOK_PREFIX,
  trace_iter: ITERATOR_PREFIX,
};

/** `bpf_check_attach_target`, then what each attach type asks. */
function attach(env: Environment, target: Target): void {
  switch (env.attachType) {
    case 'trace_raw_tp':
      attachTracepoint(env, target);
      return;
    case 'trace_iter':
      attachIterator(env, target);
      return;
    case 'modify_return':
    case 'lsm_mac':
    case 'lsm_cgroup':
    case 'trace_fentry':
    case 'trace_fexit':
      attachFunction(env, target);
      return;
    default:
      throw attachTypeNotSupported({});
  }
}

function attachTracepoint(env: Environment, { name, btf, type }: Target): void {
  const typedef = btf.type(type);
  if (typedef.kind !== 'typedef') throw targetNotATypedef({ type });
  if (!name.startsWith(TRACEPOINT_PREFIX)) throw tracepointName({ type, name });
  const pointer = btf.type(typedef.type);
  const prototype = pointer.kind === 'ptr' ? btf.type(pointer.type) : undefined;
  if (prototype?.kind !== 'func_proto') throw notAttachable({});
  env.attachTarget = { name: name.slice(TRACEPOINT_PREFIX.length), btf, type, prototype, skipFirst: true };
}

function attachIterator(env: Environment, target: Target): void {
  const prototype = prototypeOf(target);
  checkFunctionModel(target.btf, prototype, target.name);
  // The kernel keeps a structure of what each iterator gives its programs.
  const context = `bpf_iter__${target.name.slice(ITERATOR_PREFIX.length)}`;
  if (!target.name.startsWith(ITERATOR_PREFIX) || target.btf.find(context, 'struct') === undefined) {
    throw notAttachable({});
  }
  env.attachTarget = { ...target, prototype, skipFirst: false };
}

function attachFunction(env: Environment, target: Target): void {
  const { name } = target;
  const prototype = prototypeOf(target);
  checkFunctionModel(target.btf, prototype, name);
  if (env.input.sleepable) {
    if (!maySleepAt(env, name)) throw targetNotSleepable({ name });
  } else if (env.attachType === 'modify_return' && !isModifiable(env, name)) {
    throw targetNotModifiable({ name });
  }
  env.attachTarget = { ...target, prototype, skipFirst: false };
  if (env.type.name === 'lsm') checkHook(env, target);
  else checkDenied(env, name);
}

function checkDenied(env: Environment, name: string): void {
  const says = env.atLeast('6.17');
  if (DENIED.has(name) && (env.atLeast('6.2') || !name.startsWith('__rcu')))
    throw says ? attachToTracingDenied({ name }) : notAttachable({});
  if (env.attachType === 'trace_fentry' || !NO_RETURN.has(name) || !env.atLeast('6.12')) return;
  throw fexitOfNoReturn({ which: says ? `function '${name}'` : 'functions', name });
}

function prototypeOf({ btf, type }: Target): BtfPrototype {
  const func = btf.type(type);
  if (func.kind !== 'func') throw targetNotAFunction({ type });
  const prototype = btf.type(func.type);
  if (prototype.kind !== 'func_proto') throw notAttachable({});
  return prototype;
}

function maySleepAt(env: Environment, name: string): boolean {
  if (env.type.name === 'lsm') return isSleepableHook(name, env.release);
  return maySleepIn(env, name);
}

/** `bpf_lsm_verify_prog` */
function checkHook(env: Environment, { name, type }: Target): void {
  if (!isGplCompatible(env.input.license ?? 'GPL')) throw hookNeedsGpl({});
  const hook = name.slice(HOOK_PREFIX.length);
  if (DISABLED_HOOKS.has(hook)) throw deniedHook({ type, name });
  if (!name.startsWith(HOOK_PREFIX) || NO_HOOKS.has(hook)) throw notAHook({ type, name });
}
