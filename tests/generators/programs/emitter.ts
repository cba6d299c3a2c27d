/**
 * Writes instructions straight into bytes. Jumps, calls and function addresses name labels, resolved by `finish`.
 *
 *   | imm:32 | off:16 | src:4 | dst:4 | opcode:8 |      `lddw` takes a second slot: | imm high:32 | 0:32 |
 */
import { OPCODES, type OpName } from '../../../bpf/opcodes.ts';
import type { KfuncUse, KsymUse, MapUse } from '../../../verifier/case/case.ts';

/** A place in the program, perhaps one not reached yet. */
export type Label = number;

/** Which field of an instruction a label goes to. */
type FixupKind = 'off' | 'imm';

interface Wire {
  readonly opcode: number;
  readonly off: number;
  readonly imm: number;
}

const WIRE: ReadonlyMap<string, Wire> = new Map(
  OPCODES.map(({ name, opcode, fixedOff, fixedImm }) => [
    name,
    { opcode, off: fixedOff ?? 0, imm: fixedImm ?? 0 },
  ]),
);

/** `src` of `call` and `lddw`: BPF_PSEUDO_*. */
const Pseudo = { map: 1, mapValue: 2, btf: 3, function: 4, local: 1, kfunc: 2 } as const;

export class Emitter {
  #bytes = new Uint8Array(8192);
  #view = new DataView(this.#bytes.buffer);
  #places: number[] = [];
  #fixups: { readonly slot: number; readonly label: Label; readonly kind: FixupKind }[] = [];
  /** Slots written. */
  length = 0;
  readonly mapUses: MapUse[] = [];
  readonly kfuncs: KfuncUse[] = [];
  readonly ksyms: KsymUse[] = [];

  /** One instruction; what the opcode's row fixes is filled in. */
  op(name: OpName, dst = 0, src = 0, off = 0, imm = 0): void {
    const wire = WIRE.get(name)!;
    this.raw(wire.opcode, dst, src, off | wire.off, imm | wire.imm);
  }

  raw(opcode: number, dst: number, src: number, off: number, imm: number): void {
    if (this.length * 8 + 8 > this.#bytes.length) this.#grow();
    const at = this.length++ * 8;
    this.#bytes[at] = opcode;
    this.#bytes[at + 1] = (src << 4) | dst;
    this.#view.setInt16(at + 2, off, true);
    this.#view.setInt32(at + 4, imm | 0, true);
  }

  label(): Label {
    this.#places.push(-1);
    return this.#places.length - 1;
  }

  place(label: Label): void {
    this.#places[label] = this.length;
  }

  placed(label: Label): boolean {
    return this.#places[label]! >= 0;
  }

  /** A jump whose `off` is the label. */
  jump(name: OpName, dst: number, src: number, imm: number, label: Label): void {
    this.#fixups.push({ slot: this.length, label, kind: 'off' });
    this.op(name, dst, src, 0, imm);
  }

  goto(label: Label, far: boolean): void {
    this.#fixups.push({ slot: this.length, label, kind: far ? 'imm' : 'off' });
    this.op(far ? 'ja32' : 'ja');
  }

  callLocal(label: Label): void {
    this.#fixups.push({ slot: this.length, label, kind: 'imm' });
    this.op('call', 0, Pseudo.local);
  }

  callKfunc(name: string): void {
    this.kfuncs.push({ slot: this.length, name });
    this.op('call', 0, Pseudo.kfunc, 0, 0);
  }

  wide(dst: number, src: number, low: number, high: number): void {
    this.op('lddw', dst, src, 0, low);
    this.raw(0, 0, 0, 0, high);
  }

  map(dst: number, map: number): void {
    this.mapUses.push({ slot: this.length, map });
    this.wide(dst, Pseudo.map, 0, 0);
  }

  mapValue(dst: number, map: number, off: number): void {
    this.mapUses.push({ slot: this.length, map });
    this.wide(dst, Pseudo.mapValue, 0, off);
  }

  symbol(dst: number, name: string): void {
    this.ksyms.push({ slot: this.length, name, kind: 'btf' });
    this.wide(dst, Pseudo.btf, 0, 0);
  }

  functionAddress(dst: number, label: Label): void {
    this.#fixups.push({ slot: this.length, label, kind: 'imm' });
    this.wide(dst, Pseudo.function, 0, 0);
  }

  slotOf(label: Label): number {
    return this.#places[label]!;
  }

  /** The program's bytes. Jumps too far for their field are cut, as a careless compiler would. */
  finish(): Uint8Array {
    for (const { slot, label, kind } of this.#fixups) {
      const distance = this.#places[label]! - slot - 1;
      if (kind === 'off') this.#view.setInt16(slot * 8 + 2, distance, true);
      else this.#view.setInt32(slot * 8 + 4, distance, true);
    }
    return this.#bytes.subarray(0, this.length * 8);
  }

  #grow(): void {
    const bytes = new Uint8Array(this.#bytes.length * 2);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}
