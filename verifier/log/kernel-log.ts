/**
 * The log of a verification as Linux 6.18 writes it, at levels 1 (the path that failed), 2 (every path) and 4 (statistics):
 * people and tools know it, and it can be compared line by line with a kernel's.
 */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import type { Observer } from '../observer.ts';
import type { StackSlot } from '../state/slot.ts';
import type { VerifierState } from '../state/state.ts';
import { insnText } from './insn-text.ts';
import { frameText, type Selection } from './state-text.ts';

/** Bits of a log level. */
export const LogLevel = { path: 1, full: 2, statistics: 4 } as const;

/** A log keeps so many characters; what was written before is dropped, as the kernel's rolling buffer does. */
const LOG_LIMIT = 16 * 1024 * 1024;

/** Column where states stand beside instructions, and the step in which it moves for long ones (`BPF_LOG_ALIGNMENT`). */
const STATE_COLUMN = 40;
const COLUMN_STEP = 8;

export class KernelLog implements Observer {
  readonly #env: Environment;
  readonly #full: boolean;
  readonly #chunks: string[] = [];
  #length = 0;
  /** Where the log stood when a path was put aside; it goes back there when the path goes on (level 1). */
  readonly #marks = new WeakMap<VerifierState, number>();
  /** Width of the instruction printed last, while its line is open for a state; 0: none is. */
  #openWidth = 0;
  /** Everything of the state is news: a path begins. */
  #allNew = false;
  #fromText = '';
  #touched = 0;
  #slots: readonly StackSlot[] = [];
  #frame = 0;
  #line: object | null = null;

  constructor(env: Environment, level: number) {
    this.#env = env;
    this.#full = (level & LogLevel.full) !== 0;
  }

  get text(): string {
    const text = this.#chunks.join('');
    return text.length > LOG_LIMIT ? text.slice(text.length - LOG_LIMIT) : text;
  }

  /** A line, or several. */
  write(line: string): void {
    this.#closeLine();
    this.#put(`${line}\n`);
  }

  enter(subprogram: number): void {
    this.#line = null;
    this.#frame = 0;
    this.#slots = [];
    this.#allNew = true;
    if (subprogram > 0) return;
    this.#fromText = '';
  }

  before(slot: number, state: VerifierState): void {
    if (this.#fromText !== '' && this.#full) {
      this.#closeLine();
      // The kernel prints the state once more, before the instruction.
      this.#put(`${this.#fromText}:${frameText(state, state.frames.length - 1)}\n`);
    }
    this.#fromText = '';
    this.#printState(slot, state);
    this.#printSource(slot);
    const insn = this.#env.insns[slot]!;
    const kfunc = this.#env.input.kfuncSlots?.get(slot);
    const text = `${slot}: ${insnText(insn, this.#env.insns[slot + 1], kfunc)}`;
    this.#closeLine();
    this.#put(text);
    this.#openWidth = text.length;
    this.#remember(state);
  }

  /** The state is printed before the next instruction, which a path that is pruned does not come to. */
  after(slot: number, state: VerifierState): void {
    this.#touched |= this.#env.touched;
    if (isComparison(this.#env.insns[slot]!)) this.#printState(slot, state);
  }

  branch(_slot: number, _target: number, state: VerifierState): void {
    this.#marks.set(state, this.#chunks.length);
  }

  end(reason: 'exit' | 'pruned' | 'speculative', slot: number): void {
    if (reason === 'pruned') {
      const text = this.#fromText === '' ? `${slot}: safe` : `${this.#fromText}: safe`;
      this.#closeLine();
      this.#put(`${text}\n`);
      this.#fromText = '';
    }
    this.#closeLine();
  }

  resume(slot: number, from: number, state: VerifierState): void {
    const mark = this.#marks.get(state);
    if (!this.#full && mark !== undefined) this.#chunks.length = mark;
    const how = state.speculative ? ' (speculative execution)' : '';
    this.#fromText = `\nfrom ${from} to ${slot}${how}`;
    this.#allNew = true;
    this.#line = null;
  }

  get wantsWalks(): boolean {
    return this.#full;
  }

  walkBack(text: string): void {
    if (this.#full) this.write(text);
  }

  remark(line: string): void {
    this.write(line);
  }

  /** Statistics of level 4, and the last lines of a refusal. */
  finish(lines: readonly string[]): void {
    this.#closeLine();
    for (const line of lines) this.#put(`${line}\n`);
  }

  #put(text: string): void {
    this.#chunks.push(text);
    this.#length += text.length;
    if (this.#full && this.#length > 2 * LOG_LIMIT) this.#roll();
  }

  #roll(): void {
    const text = this.#chunks.join('').slice(-LOG_LIMIT);
    this.#chunks.splice(0, this.#chunks.length, text);
    this.#length = text.length;
  }

  #closeLine(): void {
    if (this.#openWidth === 0) return;
    this.#put('\n');
    this.#openWidth = 0;
  }

  /** What the instruction before changed: beside it, or on a line of its own where a path begins. */
  #printState(slot: number, state: VerifierState): void {
    const current = state.frames.length - 1;
    const fresh = this.#allNew || current !== this.#frame;
    const select = fresh ? undefined : this.#changes(state);
    if (!fresh && !this.#somethingChanged(state)) return;
    const text = frameText(state, current, select);
    if (this.#openWidth > 0) {
      this.#put(`${' '.repeat(columnGap(this.#openWidth))};${text}\n`);
      this.#openWidth = 0;
    } else {
      this.#put(`${slot}:${text}\n`);
    }
    this.#allNew = false;
    this.#remember(state);
  }

  #changes(state: VerifierState): Selection {
    const { stack } = state.frame;
    return {
      register: (number) => (this.#touched & (1 << number)) !== 0,
      slot: (index) => stack[index] !== this.#slots[index],
    };
  }

  #somethingChanged(state: VerifierState): boolean {
    if (this.#touched !== 0) return true;
    const { stack } = state.frame;
    return stack.some((slot, index) => slot !== this.#slots[index]);
  }

  #remember(state: VerifierState): void {
    this.#touched = 0;
    this.#slots = state.frame.stack.slice();
    this.#frame = state.frames.length - 1;
  }

  #printSource(slot: number): void {
    const lines = this.#env.input.lines;
    const line = lines?.findLast((one) => one.slot <= slot);
    if (line === undefined || line === this.#line) return;
    const before = this.#line as typeof line | null;
    this.#line = line;
    if (before !== null && before.file === line.file && before.line === line.line) return;
    this.#closeLine();
    const file = line.file.slice(line.file.lastIndexOf('/') + 1);
    this.#put(`; ${line.text.trimStart()} @ ${file}:${line.line}\n`);
  }
}

/** Conditional jumps print the state themselves (`check_cond_jmp_op`), under their own number. */
function isComparison(insn: Insn): boolean {
  if (insn.class !== 5 && insn.class !== 6) return false;
  return (
    insn.operation !== JA && insn.operation !== CALL && insn.operation !== EXIT && insn.operation !== JCOND
  );
}

/** `BPF_OP` of jumps that compare nothing. */
const JA = 0x00;
const CALL = 0x80;
const EXIT = 0x90;
const JCOND = 0xe0;

/** Spaces between an instruction's text and the `;` of its state (`vlog_alignment`). */
function columnGap(width: number): number {
  const wanted = Math.max(width + COLUMN_STEP / 2, STATE_COLUMN);
  return Math.ceil(wanted / COLUMN_STEP) * COLUMN_STEP - width - 1;
}
