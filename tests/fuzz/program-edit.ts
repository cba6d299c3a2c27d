/** A program without some of its instructions: jumps, calls and what the case names by slot follow. */
import type { Case } from '../../verifier/case/case.ts';

const JMP = 0x05;
const JMP32 = 0x06;
const CALL = 0x85;
const EXIT = 0x95;
const JA32 = 0x06;
const LDDW = 0x18;
const PSEUDO_CALL = 1;
const PSEUDO_FUNC = 4;

export class Program {
  readonly case: Case;
  /** True for the second halves of wide loads. */
  readonly tails: Uint8Array;
  readonly length: number;
  readonly #view: DataView;

  constructor(one: Case) {
    this.case = one;
    this.length = one.insns.length / 8;
    this.#view = new DataView(one.insns.buffer, one.insns.byteOffset, one.insns.length);
    this.tails = new Uint8Array(this.length);
    for (let i = 0; i < this.length; i++) {
      if (this.tails[i] === 0 && one.insns[i * 8] === LDDW && i + 1 < this.length) this.tails[i + 1] = 1;
    }
  }

  /** Without the slots from `first` on before `end`; a wide load goes as a whole. */
  without(first: number, end: number): Case {
    let [from, to] = [first, end];
    if (this.tails[from] === 1) from--;
    if (to < this.length && this.tails[to] === 1) to++;
    const keeps = (slot: number): boolean => slot < from || slot >= to;
    // Where a slot goes; what is removed goes to what follows it.
    const moved = (slot: number): number => (slot < from ? slot : Math.max(slot, to) - (to - from));
    const insns = new Uint8Array(this.case.insns.length - (to - from) * 8);
    insns.set(this.case.insns.subarray(0, from * 8));
    insns.set(this.case.insns.subarray(to * 8), from * 8);
    const view = new DataView(insns.buffer);
    for (let slot = 0; slot < this.length; slot++) if (keeps(slot)) this.#retarget(slot, moved, view);
    const follow = <T extends { readonly slot: number }>(uses: readonly T[]): readonly T[] =>
      uses.filter(({ slot }) => keeps(slot)).map((use) => ({ ...use, slot: moved(use.slot) }));
    const info = this.case.functionInfo;
    return {
      ...this.case,
      insns,
      mapUses: follow(this.case.mapUses),
      kfuncs: follow(this.case.kfuncs),
      ksyms: follow(this.case.ksyms),
      ...(info !== undefined && { functionInfo: functionsAt(info, moved, insns.length / 8) }),
    };
  }

  /** With other bytes at a slot. */
  replaced(slot: number, bytes: readonly number[]): Case {
    const insns = this.case.insns.slice();
    insns.set(bytes, slot * 8);
    const elsewhere = (use: { readonly slot: number }): boolean => use.slot !== slot;
    return {
      ...this.case,
      insns,
      mapUses: this.case.mapUses.filter(elsewhere),
      kfuncs: this.case.kfuncs.filter(elsewhere),
      ksyms: this.case.ksyms.filter(elsewhere),
    };
  }

  #retarget(slot: number, moved: (slot: number) => number, view: DataView): void {
    if (this.tails[slot] === 1) return;
    const at = slot * 8;
    const opcode = this.case.insns[at]!;
    const source = this.case.insns[at + 1]! >> 4;
    const place = moved(slot);
    const far =
      opcode === JA32 ||
      (opcode === CALL && source === PSEUDO_CALL) ||
      (opcode === LDDW && source === PSEUDO_FUNC);
    if (far) {
      const target = slot + 1 + this.#view.getInt32(at + 4, true);
      view.setInt32(place * 8 + 4, moved(target) - place - 1, true);
      return;
    }
    const group = opcode & 7;
    if ((group !== JMP && group !== JMP32) || opcode === CALL || opcode === EXIT) return;
    const target = slot + 1 + this.#view.getInt16(at + 2, true);
    view.setInt16(place * 8 + 2, moved(target) - place - 1, true);
  }
}

/** Records of functions that are still there; two at one place are one. */
function functionsAt(info: Uint8Array, moved: (slot: number) => number, slots: number): Uint8Array {
  const words = new Uint32Array(info.slice().buffer);
  const kept: number[] = [];
  for (let i = 0; i < words.length; i += 2) {
    const slot = moved(words[i]!);
    if (slot >= slots) continue;
    if (kept.length > 0 && kept.at(-2) === slot) kept.splice(-2, 2);
    kept.push(slot, words[i + 1]!);
  }
  return new Uint8Array(Uint32Array.from(kept).buffer);
}
