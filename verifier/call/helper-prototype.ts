/** Prototypes of helpers as the checks want them: `struct bpf_func_proto`, flags as the bits registers have. */
import {
  type ArgumentType,
  HELPERS,
  type Helper,
  type HelperArgument,
  type HelperName,
  type ReturnType,
  type TypeFlag,
} from '../../bpf/helpers/index.ts';
import { Flag } from '../state/register-kind.ts';

export class ArgumentRule {
  readonly type: ArgumentType;
  /** {@link Flag} bits: those that registers have. */
  readonly flags: number;
  /** The object is given back (`OBJ_RELEASE`). */
  readonly release: boolean;
  /** The callee writes to the memory (`MEM_WRITE`). */
  readonly write: boolean;
  /** The callee fills the memory (`MEM_UNINIT`). */
  readonly fills: boolean;
  /** The memory is of `size` bytes (`MEM_FIXED_SIZE`); 0: another argument tells. */
  readonly size: number;
  readonly aligned: boolean;
  /** Structure of the kernel that is pointed to; null: the type of the argument tells. */
  readonly btf: string | null;

  constructor(argument: HelperArgument) {
    const { flags } = argument;
    this.type = argument.type;
    this.flags = registerFlags(flags);
    this.release = flags.includes('OBJ_RELEASE');
    this.write = flags.includes('MEM_WRITE');
    this.fills = flags.includes('MEM_UNINIT');
    this.size = flags.includes('MEM_FIXED_SIZE') ? (argument.size ?? 0) : 0;
    this.aligned = flags.includes('MEM_ALIGNED');
    this.btf = argument.btf ?? null;
  }

  get maybeNull(): boolean {
    return (this.flags & Flag.maybeNull) !== 0;
  }

  get readOnly(): boolean {
    return (this.flags & Flag.readOnly) !== 0;
  }
}

export class HelperPrototype {
  readonly id: number;
  readonly name: HelperName;
  readonly args: readonly ArgumentRule[];
  readonly returns: ReturnType;
  readonly returnFlags: number;
  readonly returnBtf: string | null;
  readonly gpl: boolean;
  readonly packetAccess: boolean;
  readonly mightSleep: boolean;

  constructor(helper: Helper) {
    this.id = helper.id;
    this.name = helper.name;
    this.args = helper.args.map((argument) => new ArgumentRule(argument));
    this.returns = helper.returns.type;
    this.returnFlags = registerFlags(helper.returns.flags);
    this.returnBtf = helper.returns.btf ?? null;
    this.gpl = helper.gpl;
    this.packetAccess = helper.packetAccess;
    this.mightSleep = helper.mightSleep;
  }

  /** As messages name it: `bpf_map_lookup_elem#1`. */
  get text(): string {
    return `bpf_${this.name}#${this.id}`;
  }
}

const REGISTER_FLAGS: Partial<Record<TypeFlag, number>> = {
  PTR_MAYBE_NULL: Flag.maybeNull,
  PTR_TRUSTED: Flag.trusted,
  MEM_RDONLY: Flag.readOnly,
  MEM_RINGBUF: Flag.ringbuf,
  DYNPTR_TYPE_LOCAL: Flag.dynptrLocal,
  DYNPTR_TYPE_RINGBUF: Flag.dynptrRingbuf,
};

function registerFlags(flags: readonly TypeFlag[]): number {
  let bits = 0;
  for (const flag of flags) bits |= REGISTER_FLAGS[flag] ?? 0;
  return bits;
}

const COMMON: ReadonlyMap<Helper, HelperPrototype> = new Map(
  HELPERS.map((row) => [row, new HelperPrototype(row)]),
);

/** Of a row of the table, or of a program's own variant of one. */
export function prototypeOf(row: Helper): HelperPrototype {
  return COMMON.get(row) ?? new HelperPrototype(row);
}
