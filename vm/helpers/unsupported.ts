/**
 * What a helper or kernel function does that nobody has implemented: the program goes on with what the kernel gives when
 * it cannot (NULL or -EOPNOTSUPP, by the type of the result), and the user is told once why.
 */
import type { Helper, HelperName } from '../../bpf/helpers/helper.ts';
import { HELPERS } from '../../bpf/helpers/helpers.gen.ts';
import type { Kfunc } from '../../bpf/kfuncs/kfunc.ts';
import { EOPNOTSUPP } from '../errno.ts';
import { type HelperFunction, setResult } from '../helper-port.ts';
import type { HelperEntry } from './arguments.ts';

type Warn = (message: string) => void;

/** Why a helper of the table needs more than a machine: what it would need, by a pattern of names. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /^(skb|skc?|sock|tcp|msg|lwt|bind$|[gs]etsockopt|check_mtu|fib_lookup)(_|$)/,
    'there is no network stack here',
  ],
  [
    /^(redirect|clone_redirect|get_route_realm|get_listener|csum_|l[34]_csum|set_hash|get_hash)/,
    'there is no network stack here',
  ],
  [/^(xdp|get_socket|get_netns|reserve_hdr|load_hdr|store_hdr)/, 'there is no network stack here'],
  [/^rc_/, 'there is no infrared receiver here'],
  [/^sysctl_/, 'nobody writes a sysctl here'],
  [/^send_signal/, 'signals cannot be sent here'],
  [/^(get|set)_retval$/, 'no system call waits for a result here'],
  [/^bprm_/, 'no program is executed for it here'],
];

const WORDS: Partial<Readonly<Record<HelperName, string>>> = {
  ima_inode_hash: 'files are not measured here',
  ima_file_hash: 'files are not measured here',
  get_cgroup_classid: 'there are no network classes here',
  override_return: 'no function waits for a result here',
  task_pt_regs: 'registers of user space are not known here',
  d_path: 'there are no paths behind the kernel’s pointers here',
  sys_bpf: 'there is no bpf(2) here',
  seq_printf: 'nobody reads an iterator here',
  seq_printf_btf: 'nobody reads an iterator here',
  seq_write: 'nobody reads an iterator here',
  get_local_storage: 'no cgroup runs programs here',
  sock_from_file: 'there is no network stack here',
  tail_call: 'the machine makes tail calls itself',
};

/** One sentence without a subject's name. */
export function unsupportedReason(name: HelperName): string {
  return WORDS[name] ?? REASONS.find(([names]) => names.test(name))?.[1] ?? 'it needs a real kernel';
}

/** An entry for every helper of the table; those that are implemented take their places. */
export function unsupportedHelpers(warn: Warn): readonly HelperEntry[] {
  return HELPERS.map((one) => [one.id, unsupported(one, warn)]);
}

function unsupported({ name, returns }: Helper, warn: Warn): HelperFunction {
  const result = returns.type === 'INTEGER' ? EOPNOTSUPP : 0;
  return warning(`bpf_${name}`, unsupportedReason(name), result, warn);
}

/** What the kernel's verifier would have let through as NULL is NULL. */
export function unsupportedKfunc({ name, flags }: Kfunc, warn: Warn): HelperFunction {
  const result = flags.has('ret_null') || flags.has('acquire') ? 0 : EOPNOTSUPP;
  return warning(name, 'it needs a real kernel', result, warn);
}

/** Gives `result`, and says why when it is first called. */
export function warning(name: string, reason: string, result: number, warn: Warn): HelperFunction {
  let told = false;
  return (registers) => {
    if (!told) warn(`${name}: ${reason}`);
    told = true;
    setResult(registers, result);
  };
}
