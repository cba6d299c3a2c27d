/** What libbpf's debug log says of each CO-RE relocation, in the form of ours. */

/** One relocation; numbers are 64 bits, unsigned. */
export interface LoggedRelocation {
  readonly function: string;
  /** Eight-byte slot in its function. */
  readonly slot: number;
  readonly local: string;
  /** The first candidate that matched. */
  readonly target?: string;
  readonly outcome: 'patched' | 'poisoned';
  readonly operand?: 'imm' | 'imm64' | 'off';
  readonly oldValue?: bigint;
  readonly newValue?: bigint;
  readonly memory?: { readonly old: number; readonly value: number };
}

export interface CoreLog {
  /** By function and slot. */
  readonly relocations: readonly LoggedRelocation[];
  /** How many libbpf found in the object. */
  readonly found: number;
  /** Lines that say why it gave up. */
  readonly failures: readonly string[];
  /** The kernel took the programs. */
  readonly loaded: boolean;
  /** Instructions of each program afterwards, hexadecimal. */
  readonly instructions: ReadonlyMap<string, string>;
}

type Draft = { -readonly [Key in keyof LoggedRelocation]?: LoggedRelocation[Key] };

const LINE = /^libbpf: prog '([^']*)': relo #(\d+): (.*)$/;
const CANDIDATE = /^(non-)?matching candidate #\d+ (.*)$/;
const PATCHED =
  /^patched insn #(\d+) \((ALU\/ALU64|LDX\/ST\/STX|LDIMM64)\) (imm|off|imm64) (-?\d+) -> (-?\d+)$/;
const MEMORY = /^patched insn #\d+ \(LDX\/ST\/STX\) mem_sz (\d+) -> (\d+)$/;
const POISONED = /^substituting insn #(\d+) w\/ invalid insn$/;
const FAILED = /ambiguity|failed|unexpected|too big|invalid new mem|unrecognized|can't be|doesn't support/;

export function readCoreLog(text: string): CoreLog {
  const drafts: Draft[] = [];
  const failures: string[] = [];
  const instructions = new Map<string, string>();
  let found = 0;
  let draft: Draft = {};
  for (const line of text.split('\n')) {
    found += Number(/found (\d+) CO-RE relocations/.exec(line)?.[1] ?? 0);
    const [, program, bytes] = /^instructions of (\S+): ([0-9a-f]*)$/.exec(line) ?? [];
    if (program !== undefined && bytes !== undefined) instructions.set(program, bytes);
    const [, prog, , message] = LINE.exec(line) ?? [];
    if (prog === undefined || message === undefined) continue;
    if (message.startsWith('<')) {
      draft = { function: prog, local: message };
      drafts.push(draft);
    } else if (!CANDIDATE.test(message) && FAILED.test(message)) {
      failures.push(message);
    } else {
      read(message, draft);
    }
  }
  const relocations = drafts.filter((one): one is LoggedRelocation => one.outcome !== undefined);
  return {
    relocations: relocations.sort(byPlace),
    found,
    failures,
    loaded: /^loaded: 0$/m.test(text),
    instructions,
  };
}

export function byPlace(
  a: Pick<LoggedRelocation, 'function' | 'slot'>,
  b: Pick<LoggedRelocation, 'function' | 'slot'>,
): number {
  return a.function === b.function ? a.slot - b.slot : a.function < b.function ? -1 : 1;
}

function read(message: string, draft: Draft): void {
  const candidate = CANDIDATE.exec(message);
  if (candidate !== null) {
    if (candidate[1] === undefined) draft.target ??= candidate[2]!;
    return;
  }
  const patched = PATCHED.exec(message);
  if (patched !== null) {
    draft.outcome = 'patched';
    draft.slot = Number(patched[1]);
    draft.operand = patched[3] as 'imm' | 'imm64' | 'off';
    draft.oldValue = BigInt.asUintN(64, BigInt(patched[4]!));
    draft.newValue = BigInt.asUintN(64, BigInt(patched[5]!));
    return;
  }
  const memory = MEMORY.exec(message);
  if (memory !== null) draft.memory = { old: Number(memory[1]), value: Number(memory[2]) };
  const poisoned = POISONED.exec(message);
  if (poisoned === null) return;
  draft.outcome = 'poisoned';
  // The second slot of a lddw is told first.
  draft.slot = Math.min(draft.slot ?? Number.POSITIVE_INFINITY, Number(poisoned[1]));
}
