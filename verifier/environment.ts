/** Everything of one verification that is not a state (`struct bpf_verifier_env`): one is made for each program. */
import { DEFAULT_ATTACH_TYPES } from '../bpf/attach-types.ts';
import type { Btf } from '../bpf/btf/btf.ts';
import { isAtLeast, type KernelRelease } from '../bpf/kernel-release.ts';
import {
  type Feature,
  NEWEST_RELEASE,
  profileFor,
  supports,
  type TargetProfile,
} from '../bpf/profiles/index.ts';
import { type ProgramType, programType } from '../bpf/programs.ts';
import { attachTypeById, attachTypeByName } from '../bpf/sections.ts';
import { type StackRules, stackRulesOf } from './access/stack-rules.ts';
import type { AttachTarget } from './attach-target.ts';
import type { HelperPrototype } from './call/helper-prototype.ts';
import type { PreparedKfunc } from './call/kfunc-target.ts';
import { FieldRecords } from './field/fields-of.ts';
import type { AttachTypeName, VerifierInput, VerifierKernel, VerifierOptions } from './input.ts';

import { type Insn, readProgram } from './instruction.ts';
import { InsnAux } from './instruction-aux.ts';
import type { VerifierMap } from './map.ts';
import type { Observer } from './observer.ts';
import type { HistoryEntry } from './order/history.ts';
import type { PendingPath } from './order/pending.ts';
import { Search } from './order/search.ts';
import type { Frame } from './state/frame.ts';
import type { Register } from './state/register.ts';
import { VerifierState } from './state/state.ts';
import type { Subprogram } from './subprogram.ts';

export class Environment {
  readonly input: VerifierInput;
  readonly kernel: VerifierKernel;
  readonly release: KernelRelease;
  readonly profile: TargetProfile;
  readonly type: ProgramType;
  /** CAP_BPF, CAP_PERFMON, CAP_SYS_ADMIN, CAP_NET_ADMIN are all there, or none is. */
  readonly privileged: boolean;
  readonly strictAlignment: boolean;
  /** Numbers are known as kernels before 6.8 know them. */
  readonly earlyNumbers: boolean;
  /** Sums and products are known as before 6.17. */
  readonly earlySums: boolean;
  /** `BPF_F_TEST_STATE_FREQ`: a state is kept wherever paths meet. */
  readonly keepsEveryState: boolean;
  /** Stack that was never written may be read (`allow_uninit_stack`). */
  readonly readsUninitialisedStack: boolean;
  readonly stackRules: StackRules;
  readonly insns: readonly Insn[];
  /** One for each slot. */
  readonly aux: readonly InsnAux[];
  /** Ascending by start; set by structure. The last one is a mark one past the end, as the kernel keeps it. */
  subprograms: Subprogram[] = [];
  /** Number of the function that runs when the program throws; 0: none. */
  exceptionCallback = 0;
  /** Expected attach type, that of the default filled in; of an extension its target's. */
  attachType: AttachTypeName;
  /** What the program attaches to, when its arguments come from there (`attach_func_proto` and its kin). */
  attachTarget: AttachTarget | null = null;
  /** Sees every step; null on the fast path. */
  observer: Observer | null = null;

  /** The state that goes on. */
  state: VerifierState = new VerifierState();
  /** Slot of the instruction that is walked. */
  slot = 0;
  previousSlot = -1;
  /** Paths are walked: a rejection concerns the instruction at `slot`. */
  walking = false;
  processed = 0;
  jumpsProcessed = 0;
  previousProcessed = 0;
  previousJumpsProcessed = 0;
  maxStatesPerInstruction = 0;
  totalStates = 0;
  peakStates = 0;
  /** Registers read or written by the instruction, as bits; of the current frame (logs print them). */
  touched = 0;
  /** Paths put aside. */
  readonly pending: PendingPath[] = [];
  /** Owned by order/. */
  readonly search: Search;
  /** Arithmetic on a pointer was masked for unprivileged loads: states are compared strictly (`explore_alu_limits`). */
  exploreAluLimits = false;
  /** The note of the instruction that is walked, when it has one (`cur_hist_ent`). */
  historyEntry: HistoryEntry | null = null;
  /** Lines said before a rejection which belong to it (`verbose` without a failure of its own). */
  remarks: string[] = [];
  /** Of helpers that the program was found to be granted, by number. */
  readonly helperPrototypes: Map<number, HelperPrototype> = new Map();
  /** Special fields of maps and objects, found once. */
  readonly fields: FieldRecords = new FieldRecords();

  /** Kernel functions called so far, by the slot of the call. */
  readonly kfuncs: Map<number, PreparedKfunc> = new Map();

  #lastId = 0;
  /** What `atLeast` answered: it is asked at every step. */
  readonly #releases = new Map<KernelRelease, boolean>();

  constructor(input: VerifierInput, options: VerifierOptions = {}) {
    this.input = input;
    this.kernel = options.kernel ?? { release: NEWEST_RELEASE };
    this.release = this.kernel.release;
    this.profile = profileFor(this.release);
    this.type = programType(input.type);
    this.attachType = attachTypeOf(input);
    this.privileged = options.privileged ?? true;
    // BPF_F_STRICT_ALIGNMENT; x86 is lenient otherwise.
    this.strictAlignment = ((input.flags ?? 0) & 1) !== 0;
    this.keepsEveryState = this.privileged && ((input.flags ?? 0) & 8) !== 0;
    // The stable releases of 6.1 took it back, those of 6.2 did not.
    const readsStack = this.release === '6.1' || supports(this.profile, 'read_uninit_stack');
    this.readsUninitialisedStack = this.privileged && readsStack;
    this.stackRules = stackRulesOf((release) => this.atLeast(release));
    this.earlyNumbers = !isAtLeast(this.release, '6.8');
    this.earlySums = !isAtLeast(this.release, '6.17');
    this.insns = readProgram(input.bytes);
    this.aux = this.insns.map(() => new InsnAux());
    this.search = new Search(this.insns.length, this.privileged, this.readsUninitialisedStack);
  }

  /** Somebody reads what walks back for precision pass by: their texts are not made for nobody. */
  get tellsWalks(): boolean {
    return this.observer?.wantsWalks === true;
  }

  /** The frame that runs. */
  get frame(): Frame {
    return this.state.frame;
  }

  /** A register of the frame that runs. */
  register(number: number): Register {
    return this.state.frame.registers[number]!;
  }

  setRegister(number: number, register: Register): void {
    this.state.frame.registers[number] = register;
  }

  /** A fresh id, never 0. */
  nextId(): number {
    return ++this.#lastId;
  }

  /** Kernels from `release` on do so. */
  atLeast(release: KernelRelease): boolean {
    let known = this.#releases.get(release);
    if (known === undefined) {
      known = isAtLeast(this.release, release);
      this.#releases.set(release, known);
    }
    return known;
  }

  supports(feature: Feature): boolean {
    return supports(this.profile, feature);
  }

  /** The kernel's own types. */
  get btf(): Btf | undefined {
    return this.kernel.btf;
  }

  get maps(): readonly VerifierMap[] {
    return this.input.maps ?? [];
  }

  /** A line that the kernel prints before it refuses (`verbose`): kept with the rejection if one follows, and in the log. */
  remark(line: string): void {
    this.remarks.push(line);
  }

  /** What was said belongs to no rejection: it is only logged. */
  dropRemarks(): void {
    if (this.remarks.length === 0) return;
    if (this.observer !== null) for (const line of this.remarks) this.observer.remark?.(line);
    this.remarks.length = 0;
  }
}

/** `bpf_prog_load_fixup_attach_type`; none is written as the type of number 0. A name nobody knows stays as it is. */
function attachTypeOf({ type, attachType }: VerifierInput): AttachTypeName {
  const none = attachTypeById(0)!;
  const name = attachType === undefined ? none : (attachTypeByName(attachType) ?? attachType);
  return name === none ? (DEFAULT_ATTACH_TYPES[type] ?? name) : name;
}
