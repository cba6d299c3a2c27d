/** May the program call the helper, and with which prototype (`get_helper_proto`, `bpf_verifier_ops.get_func_proto`)? */
import {
  type Helper,
  type HelperCaller,
  type HelperName,
  type HelperProgram,
  helperById,
  helperFor,
  helperGrant,
  isGplCompatible,
} from '../../bpf/helpers/index.ts';
import { isSleepableHook } from '../../bpf/lsm-hooks.ts';
import { PATH_FUNCTIONS } from '../../bpf/tables/path-functions.ts';
import type { Environment } from '../environment.ts';
import type { KernelConfig, VerifierInput } from '../input.ts';
import {
  helperForGplOnly,
  helperNotAllowed,
  helperNotHere,
  helperUnknown,
  helperUnknownBefore,
  helperWithheld,
  helperWithheldBefore,
} from '../messages.gen.ts';
import { type Rejection, unsupported } from '../rejection.ts';
import { isGrantedByAttachType } from './attach-grants.ts';
import { type HelperPrototype, prototypeOf } from './helper-prototype.ts';
import { isUnprivilegedHelper } from './unprivileged-helpers.ts';

/** @throws Rejection */
export function grantedHelper(env: Environment, id: number): HelperPrototype {
  const known = env.helperPrototypes.get(id);
  if (known !== undefined) return known;
  const prototype = findGranted(env, id);
  env.helperPrototypes.set(id, prototype);
  return prototype;
}

function findGranted(env: Environment, id: number): HelperPrototype {
  const helper = helperById(id);
  if (helper === undefined || !env.atLeast(helper.since)) throw unknownHelper(env, id);
  if (!isGranted(env, helper)) throw notAllowed(env, `bpf_${helper.name}#${id}`);
  const grant = withheldGrant(env, helper.name);
  if (grant !== undefined) throw withheld(env, `bpf_${helper.name}#${id}`, grant);
  const row = helperFor(helper, caller(env));
  if (row.gpl && !isGplCompatible(env.input.license ?? 'GPL'))
    throw helperForGplOnly({ license: env.input.license ?? '' });
  if (!isAllowedHere(env, row)) throw helperNotHere({});
  return prototypeOf(row);
}

function caller(env: Environment): HelperCaller {
  const { type, attachType } = env.input;
  return { type, ...(attachType === undefined ? {} : { attachType }) };
}

/** Helpers that take locks are for functions and hooks that do not hold them (`bpf_func_proto.allowed`). */
function isAllowedHere(env: Environment, { name }: Helper): boolean {
  const { type, attachType, attachTo } = env.input;
  switch (name) {
    case 'd_path':
      if (type === 'tracing' && attachType === 'trace_iter') return true;
      return type === 'lsm'
        ? isSleepableHook(attachTo?.name ?? '', env.release)
        : PATH_FUNCTIONS.includes(attachTo?.name ?? '');
    case 'ima_inode_hash':
    case 'ima_file_hash':
      return isSleepableHook(attachTo?.name ?? '', env.release);
    case 'sk_storage_get':
    case 'sk_storage_delete':
      return (type !== 'tracing' && type !== 'syscall') || isStorageFree(env.input);
    default:
      return true;
  }
}

/** The storage of sockets locks itself: not from within, and only where the kernel knows (`bpf_sk_storage_tracing_allowed`). */
function isStorageFree({ attachType, attachTo }: VerifierInput): boolean {
  switch (attachType) {
    case 'trace_iter':
    case 'trace_raw_tp':
      return true;
    case 'trace_fentry':
    case 'trace_fexit':
      return !(attachTo?.name ?? '').startsWith('bpf_sk_storage');
    default:
      return false;
  }
}

/** No kernel of the release has the number; the number 0 has a name, but is no helper. */
function unknownHelper(env: Environment, id: number): Rejection {
  if (id === 0) return notAllowed(env, 'bpf_unspec#0');
  return helperUnknown({ helper: `unknown#${id}` });
}

function notAllowed(env: Environment, helper: string): Rejection {
  return env.atLeast('6.10')
    ? helperNotAllowed({ helper, program: env.type.name })
    : helperUnknownBefore({ helper });
}

function isGranted(env: Environment, helper: Helper): boolean {
  if (!env.privileged && !isUnprivilegedHelper(env.type.name, helper.name)) return false;
  const { attachType } = env.input;
  const byAttach = isGrantedByAttachType(env.type.name, attachType, helper.name, env.release);
  if (byAttach !== undefined) return byAttach;
  switch (helperGrant(helper.name, programKey(env), env.release)) {
    case 'yes':
      return true;
    case 'no':
      return false;
    case 'unknown':
      throw unsupported(`whether Linux ${env.release} grants ${env.type.name} programs bpf_${helper.name}`);
  }
}

/** Helpers that a kernel's build or state may withhold: the option, and the command line's name for it. */
const CONFIG_OF: Readonly<Partial<Record<HelperName, readonly [keyof KernelConfig, string]>>> = {
  override_return: ['kprobeOverride', 'override-return'],
  probe_write_user: ['probeWriteUser', 'probe-write-user'],
};

/** The command line's name of what would have to be granted. */
function withheldGrant(env: Environment, name: HelperName): string | undefined {
  const row = CONFIG_OF[name];
  return row === undefined || env.kernel.config?.[row[0]] === true ? undefined : row[1];
}

function withheld(env: Environment, helper: string, grant: string): Rejection {
  return env.atLeast('6.10') ? helperWithheld({ helper, grant }) : helperWithheldBefore({ helper, grant });
}

/** The key of the table of grants. */
function programKey(env: Environment): HelperProgram {
  const { attachType, sleepable } = env.input;
  switch (env.type.name) {
    case 'tracing':
      return TRACING_KEYS[attachType ?? ''] ?? 'tracing:fentry';
    case 'lsm':
      return sleepable === true ? 'lsm.s' : 'lsm';
    case 'kprobe':
      return sleepable === true ? 'kprobe.s' : 'kprobe';
    default:
      return env.type.name;
  }
}

const TRACING_KEYS: Readonly<Record<string, HelperProgram>> = {
  trace_raw_tp: 'tracing:tp_btf',
  trace_iter: 'tracing:iter',
  trace_fentry: 'tracing:fentry',
  trace_fexit: 'tracing:fexit',
  // The same set as at exits: it has a return value, too.
  modify_return: 'tracing:fexit',
};
