/** Every helper: allowed or not for each type of program; each of its arguments of every kind, the others right. */
import { type Helper, type HelperArgument, helperById, helperGrant } from '../../../bpf/helpers/index.ts';
import { PROGRAM_TYPES, type ProgramTypeName } from '../../../bpf/programs.ts';
import type { Case } from '../../../verifier/case/case.ts';
import { caseOf } from './case-text.ts';
import { EPILOGUE, MAPS, PROLOGUE, VALUES } from './values.ts';

const HELPERS_OF_6_18 = 211;

function* helpers(): Generator<Helper> {
  for (let id = 1; id <= HELPERS_OF_6_18; id++) {
    const helper = helperById(id);
    if (helper !== undefined) yield helper;
  }
}

/** Types whose programs need no further words to be loaded. */
const PLAIN_TYPES: readonly ProgramTypeName[] = PROGRAM_TYPES.map(({ name }) => name).filter(
  (name) =>
    ![
      'struct_ops',
      'ext',
      'lsm',
      'tracing',
      'lirc_mode2',
      'cgroup_sock',
      'cgroup_sock_addr',
      'cgroup_skb',
      'cgroup_sockopt',
      'sk_lookup',
      'netfilter',
      'syscall',
    ].includes(name),
);

/** Each helper in each type of program, with arguments meant to be right. */
export function* helperTypesMatrix(): Generator<Case> {
  for (const helper of helpers()) {
    for (const type of PLAIN_TYPES) {
      yield one(helper, type, `${type}`, helper.args.map(rightValue));
    }
  }
}

/** Each argument of each helper of every kind. */
export function* helperArgumentsMatrix(): Generator<Case> {
  for (const helper of helpers()) {
    const type = [
      'kprobe',
      'sched_cls',
      'xdp',
      'sk_msg',
      'sock_ops',
      'raw_tracepoint',
      'sk_skb',
      'lwt_xmit',
    ].find((name) => helperGrant(helper.name, name as ProgramTypeName, '6.18') === 'yes') as
      | ProgramTypeName
      | undefined;
    if (type === undefined) continue;
    const right = helper.args.map(rightValue);
    yield one(helper, type, 'right', right);
    for (let index = 0; index < 5; index++) {
      for (const name of Object.keys(VALUES)) {
        const values = [...right];
        while (values.length < index) values.push('zero');
        values[index] = name;
        yield one(helper, type, `r${index + 1}=${name}`, values);
      }
    }
  }
}

/** Every map with every helper that takes one. */
export function* helperMapsMatrix(): Generator<Case> {
  for (const helper of helpers()) {
    const at = helper.args.findIndex(({ type }) => type === 'CONST_MAP_PTR');
    if (at < 0) continue;
    for (const type of ['kprobe', 'sched_cls', 'xdp', 'sk_skb', 'sk_msg', 'sk_reuseport'] as const) {
      if (helperGrant(helper.name, type, '6.18') !== 'yes') continue;
      for (const map of Object.keys(MAPS)) {
        const values: string[] = helper.args.map(rightValue);
        values[at] = `map:${map}`;
        yield one(helper, type, `${type}/${map}`, values);
      }
    }
  }
}

function rightValue({ type }: HelperArgument): string {
  switch (type) {
    case 'CONST_MAP_PTR':
      return 'array';
    case 'PTR_TO_CTX':
      return 'context';
    case 'ANYTHING':
      return 'zero';
    case 'CONST_SIZE':
    case 'CONST_SIZE_OR_ZERO':
    case 'CONST_ALLOC_SIZE_OR_ZERO':
      return 'eight';
    case 'PTR_TO_MAP_VALUE':
    case 'PTR_TO_TIMER':
    case 'PTR_TO_SPIN_LOCK':
    case 'KPTR_XCHG_DEST':
      return 'value';
    case 'PTR_TO_FUNC':
      return 'function';
    default:
      return 'stack';
  }
}

function one(helper: Helper, type: ProgramTypeName, name: string, values: readonly string[]): Case {
  const set = values.map((value, index) => {
    const register = `r${index + 1}`;
    return value.startsWith('map:') ? `${register} = map[${value.slice(4)}]` : VALUES[value]!(register);
  });
  return caseOf({
    id: `helper-${helper.name}/#${name}`,
    type,
    text: [PROLOGUE, ...set, `call bpf_${helper.name}`, EPILOGUE].join('\n'),
    maps: MAPS,
  });
}
