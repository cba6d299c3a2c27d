/**
 * Follows what memory holds: a load of what was stored becomes the stored value, a key that is built a second time gives way
 * to the first one, a map that was asked once is not asked again while nothing changes it. Facts hold along all ways to a
 * point; what comes around a loop is not followed.
 */
import { argumentAccess, isStableFill, writesMaps } from '../ir/effects.ts';
import type { Block, IrFunction, IrInstruction, Operand, Slot, Value, ValueInfo } from '../ir/ir.ts';
import { definedBy, edgesOf, isValue, mapOperands, mapTerminator } from '../ir/operands.ts';
import { type Content, contentsText, MemoryState, type Stretch } from './memory-state.ts';
import { type SlotPlace, type SlotPlaces, slotPlaces } from './slot-places.ts';

type Kind<K extends IrInstruction['kind']> = Extract<IrInstruction, { kind: K }>;
type Call = Kind<'call-helper'>;

/** `fn` must be in SSA form with blocks in reverse postorder; byte order is little-endian. */
export function forwardMemory(fn: IrFunction): IrFunction {
  return new Forwarder(fn).run();
}

class Forwarder {
  readonly #fn: IrFunction;
  readonly #places: SlotPlaces;
  readonly #values: ValueInfo[];
  readonly #maps = new Map<Value, string>();
  readonly #replaced: (Operand | undefined)[] = [];
  readonly #entering: (MemoryState | undefined)[] = [];
  #state: MemoryState;
  #output: IrInstruction[] = [];

  constructor(fn: IrFunction) {
    this.#fn = fn;
    this.#places = slotPlaces(fn);
    this.#values = [...fn.values];
    this.#state = new MemoryState(fn.slots, true);
  }

  run(): IrFunction {
    const seen = new Uint32Array(this.#fn.blocks.length);
    const wanted = new Uint32Array(this.#fn.blocks.length);
    for (const { terminator } of this.#fn.blocks)
      for (const { target } of edgesOf(terminator)) wanted[target]! += 1;
    const walked = this.#fn.blocks.map((block): Block => {
      const known = seen[block.id] === wanted[block.id] ? this.#entering[block.id] : undefined;
      this.#state = known ?? new MemoryState(this.#fn.slots, block.id === 0 && wanted[0] === 0);
      this.#entering[block.id] = undefined;
      this.#output = [];
      for (const one of block.instructions) this.#visit(mapOperands(one, this.#resolve));
      for (const { target } of edgesOf(block.terminator)) {
        seen[target]! += 1;
        this.#arrive(target);
      }
      return { ...block, instructions: this.#output };
    });
    const blocks = walked.map((block) => ({
      ...block,
      terminator: mapTerminator(block.terminator, this.#resolve),
    }));
    return { ...this.#fn, values: this.#values, blocks };
  }

  readonly #resolve = (operand: Operand): Operand =>
    isValue(operand) ? (this.#replaced[operand] ?? operand) : operand;

  #arrive(target: number): void {
    const known = this.#entering[target];
    if (known === undefined) this.#entering[target] = this.#state.copy();
    else known.meet(this.#state);
  }

  #visit(one: IrInstruction): void {
    switch (one.kind) {
      case 'map-address':
        this.#maps.set(one.dst, one.map);
        break;
      case 'load':
        this.#load(one);
        return;
      case 'store':
        this.#store(one);
        break;
      case 'zero':
        this.#write(one, one.length, { kind: 'bytes', bytes: new Uint8Array(one.length) });
        break;
      case 'store-bytes':
        this.#write(one, one.bytes.length, { kind: 'bytes', bytes: one.bytes });
        break;
      case 'atomic':
        this.#write(one, one.size, undefined);
        break;
      case 'copy':
        this.#copy(one);
        return;
      case 'call-helper':
        this.#call(one);
        return;
      case 'call-function':
        this.#state.forgetMap(undefined);
        break;
      default:
    }
    this.#output.push(one);
  }

  #write(
    one: { readonly base: Value; readonly offset: number },
    size: number,
    content: Content | undefined,
  ): void {
    const place = this.#places.placeOf(one.base);
    if (place !== undefined) this.#state.write(place.slot, place.offset + one.offset, size, content);
    else this.#state.forgetReads();
  }

  #store(one: Kind<'store'>): void {
    this.#write(one, one.size, { kind: 'operand', operand: one.value });
    if (this.#places.placeOf(one.base) === undefined && one.size === 8)
      this.#state.rememberRead(readName(one.base, one.offset, 8, false), one.value);
  }

  /* ---- loads ---- */

  #load(one: Kind<'load'>): void {
    const place = this.#places.placeOf(one.base);
    if (place === undefined) {
      this.#loadThrough(one);
      return;
    }
    const value = this.#stored(one, place);
    if (value === undefined) this.#output.push(one);
    else this.#become(one, value);
  }

  /** Through a pointer: the same as before where nothing was written meanwhile. */
  #loadThrough(one: Kind<'load'>): void {
    const { kind } = this.#values[one.base]!;
    if (kind !== 'map-value' && kind !== 'map-value-or-null') {
      this.#output.push(one);
      return;
    }
    const name = readName(one.base, one.offset, one.size, one.signed);
    const known = this.#state.read(name);
    if (known !== undefined && this.#isSameKind(one.dst, known)) {
      this.#become(one, known);
      return;
    }
    this.#state.rememberRead(name, one.dst);
    this.#output.push(one);
  }

  #stored(one: Kind<'load'>, place: SlotPlace): Operand | undefined {
    const at = place.offset + one.offset;
    const stretch = this.#state
      .contents(place.slot)
      .stretches.find(({ offset, size }) => offset <= at && at + one.size <= offset + size);
    if (stretch === undefined) return undefined;
    const { content } = stretch;
    if (content.kind === 'bytes')
      return { constant: numberOf(content.bytes, at - stretch.offset, one.size, one.signed) };
    if (content.kind === 'named' || stretch.offset !== at) return undefined;
    if (!this.#isSameKind(one.dst, content.operand)) return undefined;
    return one.size === 8 ? content.operand : this.#lowBytes(one, content.operand);
  }

  #isSameKind(dst: Value, operand: Operand): boolean {
    const { kind } = this.#values[dst]!;
    return isValue(operand) ? this.#values[operand]!.kind === kind : kind === 'scalar';
  }

  #lowBytes(one: Kind<'load'>, value: Operand): Operand | undefined {
    if (isValue(value) && this.#values[value]!.kind !== 'scalar') return undefined;
    const width = (one.size * 8) as 8 | 16 | 32;
    const dst = this.#fresh(one);
    this.#output.push({ kind: 'extend', dst, value, width, signed: one.signed, ...spanOf(one) });
    return dst;
  }

  #fresh(one: IrInstruction): Value {
    this.#values.push({ kind: 'scalar', ...spanOf(one) });
    return (this.#values.length - 1) as Value;
  }

  #become(one: IrInstruction, operand: Operand): void {
    this.#replaced[definedBy(one)!] = operand;
  }

  /* ---- copies ---- */

  #copy(one: Kind<'copy'>): void {
    const [from, to] = [this.#places.placeOf(one.from), this.#places.placeOf(one.to)];
    const source = from && { slot: from.slot, offset: from.offset + one.fromOffset };
    if (to === undefined) {
      this.#state.forgetReads();
      this.#output.push(one);
      return;
    }
    const target = to.offset + one.toOffset;
    const parts = source && partsOf(this.#state.contents(source.slot).stretches, source.offset, one.length);
    if (parts?.every(isStorable)) {
      for (const { offset, size, content } of parts) {
        const at = offset - source!.offset;
        this.#output.push(storeOf(one, one.toOffset + at, size, content));
        this.#state.write(to.slot, target + at, size, content);
      }
      return;
    }
    if (parts !== undefined)
      for (const { offset, size, content } of parts)
        this.#state.write(to.slot, target + offset - source!.offset, size, content);
    else this.#state.write(to.slot, target, one.length, this.#contentFrom(one));
    this.#output.push(one);
  }

  /** The context is never written: what is copied from it has a name. */
  #contentFrom({ from, fromOffset, length }: Kind<'copy'>): Content | undefined {
    if (this.#values[from]!.kind !== 'context') return undefined;
    return { kind: 'named', name: `context %${from}+${fromOffset} ${length}` };
  }

  /* ---- calls ---- */

  #call(original: Call): void {
    if (original.helper === 'map_lookup_elem' && this.#knownLookup(original)) return;
    const call = this.#shareArguments(original);
    call.args.forEach((arg, index) => {
      const access = argumentAccess(call, index);
      if (!isValue(arg) || access === 'none' || access === 'read') return;
      const place = this.#places.placeOf(arg);
      if (place === undefined) {
        this.#state.forgetReads();
        return;
      }
      const size = filledBytes(call, index);
      if (size === undefined) this.#state.forgetSlot(place.slot);
      else
        this.#state.write(place.slot, place.offset, size, isStableFill(call) ? named(call, size) : undefined);
    });
    const written = writesMaps(call);
    if (written === 'any') this.#state.forgetMap(undefined);
    else if (written === 'first') this.#state.forgetMap(this.#mapOf(call.args[0]));
    this.#output.push(call);
  }

  #mapOf(operand: Operand | undefined): string | undefined {
    return operand !== undefined && isValue(operand) ? this.#maps.get(operand) : undefined;
  }

  /** Memory that is only read may be other memory of the same contents. */
  #shareArguments(call: Call): Call {
    let shared: Operand[] | undefined;
    call.args.forEach((arg, index) => {
      const place = this.#places.placeOf(arg);
      if (place?.offset !== 0 || argumentAccess(call, index) !== 'read') return;
      const other = this.#state.holderOf(this.#state.contents(place.slot));
      if (other === undefined || !this.#fitsFor(other, place.slot)) return;
      shared ??= [...call.args];
      shared[index] = this.#addressOf(other, call);
    });
    return shared === undefined ? call : { ...call, args: shared };
  }

  #fitsFor(other: Slot, slot: Slot): boolean {
    const [one, two] = [this.#fn.slots[other]!, this.#fn.slots[slot]!];
    return this.#places.isFollowed(other) && one.align >= two.align && one.size >= two.size;
  }

  #addressOf(slot: Slot, one: IrInstruction): Value {
    this.#values.push({ kind: 'stack', ...spanOf(one) });
    const dst = (this.#values.length - 1) as Value;
    this.#output.push({ kind: 'slot-address', dst, slot, ...spanOf(one) });
    return dst;
  }

  #knownLookup(call: Call): boolean {
    const map = this.#mapOf(call.args[0]);
    const place = this.#places.placeOf(call.args[1]!);
    if (map === undefined || place?.offset !== 0 || call.dst === undefined) return false;
    const contents = this.#state.contents(place.slot);
    if (!contents.complete) return false;
    const name = `${map} ${contentsText(contents)}`;
    const known = this.#state.lookup(name);
    if (known === undefined) this.#state.rememberLookup(map, name, call.dst);
    else this.#become(call, known);
    return known !== undefined;
  }
}

function readName(base: Value, offset: number, size: number, signed: boolean): string {
  return `%${base}+${offset} ${size}${signed && size < 8 ? 's' : ''}`;
}

function spanOf({ span }: IrInstruction): { readonly span?: NonNullable<IrInstruction['span']> } {
  return span === undefined ? {} : { span };
}

function numberOf(bytes: Uint8Array, at: number, size: number, signed: boolean): bigint {
  let value = 0n;
  for (let index = size - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[at + index]!);
  return signed || size === 8 ? BigInt.asIntN(size * 8, value) : value;
}

/** The stretches that make up the bytes, when nothing else does. */
function partsOf(
  stretches: readonly Stretch[],
  offset: number,
  length: number,
): readonly Stretch[] | undefined {
  const parts: Stretch[] = [];
  let at = offset;
  for (const stretch of stretches) {
    if (stretch.offset + stretch.size <= offset || stretch.offset >= offset + length) continue;
    const part = cut(stretch, offset, offset + length);
    if (part === undefined || part.offset !== at) return undefined;
    parts.push(part);
    at += part.size;
  }
  return at === offset + length ? parts : undefined;
}

function cut(stretch: Stretch, from: number, to: number): Stretch | undefined {
  const [start, end] = [Math.max(stretch.offset, from), Math.min(stretch.offset + stretch.size, to)];
  if (start === stretch.offset && end === stretch.offset + stretch.size) return stretch;
  if (stretch.content.kind !== 'bytes') return undefined;
  const bytes = stretch.content.bytes.slice(start - stretch.offset, end - stretch.offset);
  return { offset: start, size: end - start, content: { kind: 'bytes', bytes } };
}

function isStorable({ content }: Stretch): boolean {
  return content.kind !== 'named';
}

function storeOf(copy: Kind<'copy'>, offset: number, size: number, content: Content): IrInstruction {
  const common = { base: copy.to, offset, ...spanOf(copy) };
  if (content.kind === 'bytes')
    return { kind: 'store-bytes', ...common, bytes: content.bytes, align: alignAt(copy, offset) };
  if (content.kind !== 'operand') throw new Error('bytes that are nowhere in registers cannot be stored');
  return { kind: 'store', ...common, size: size as 1 | 2 | 4 | 8, value: content.operand };
}

function alignAt({ align, toOffset }: Kind<'copy'>, offset: number): 1 | 2 | 4 | 8 {
  return ([8, 4, 2] as const).find((one) => one <= align && (offset - toOffset) % one === 0) ?? 1;
}

/** Bytes a helper fills: the next argument where that is a constant. */
function filledBytes(call: Call, index: number): number | undefined {
  const size = call.args[index + 1];
  return size !== undefined && !isValue(size) ? Number(size.constant) : undefined;
}

function named(call: Call, size: number): Content {
  return { kind: 'named', name: `${call.helper} ${size}` };
}
