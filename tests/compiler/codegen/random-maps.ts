/**
 * Random but valid IR about memory and maps: keys built in several ways, looked up, inserted, deleted, changed in place,
 * copied from slot to slot, over branches and loops. The result folds in all that was read. The same numbers give the same
 * program.
 */
import type { MapDefinition } from '../../../bpf/maps.ts';
import { FunctionBuilder } from '../../../compiler/ir/builder.ts';
import type { IrFunction, Local, Operand, Value } from '../../../compiler/ir/ir.ts';

/** Tables whose keys have 8 and 16 bytes. */
export const MAPS: readonly MapDefinition[] = [8, 16].map((keySize) => ({
  name: `m${keySize}`,
  type: 'hash',
  keySize,
  valueSize: 16,
  maxEntries: 64,
  flags: 0,
}));

/** Its context is a socket filter's; the result is r0. */
export function randomMapProgram(numbers: readonly number[]): IrFunction {
  return new RandomMaps(numbers).build();
}

class RandomMaps {
  private readonly numbers: readonly number[];
  private at = 0;
  private readonly b = new FunctionBuilder('random', 1);
  private readonly sum: Local;
  private readonly context: Value;
  /** Slots that hold keys of 16 bytes here, wholly written. */
  private keys: Value[] = [];

  constructor(numbers: readonly number[]) {
    this.numbers = numbers;
    this.context = this.b.parameter(0, 'context');
    this.sum = this.b.local('sum');
    this.b.setLocal(this.sum, 7n);
  }

  build(): IrFunction {
    this.keys.push(this.key());
    this.body(3);
    this.b.return(this.b.getLocal(this.sum));
    return this.b.finish();
  }

  private next(below: number): number {
    const number = this.numbers[this.at % this.numbers.length]! + this.at * 7;
    this.at += 1;
    return number % below;
  }

  private fold(value: Operand): void {
    const { b } = this;
    b.setLocal(this.sum, b.binary('add', b.binary('mul', b.getLocal(this.sum), 31n), value));
  }

  private body(depth: number): void {
    for (let count = 2 + this.next(5); count > 0; count -= 1)
      if (this.at < this.numbers.length * 2) this.statement(depth);
  }

  private statement(depth: number): void {
    switch (this.next(depth > 0 ? 11 : 8)) {
      case 0:
        this.keys.push(this.key());
        return;
      case 1:
      case 2:
        this.lookup();
        return;
      case 3:
        this.insert(this.anyKey());
        return;
      case 4:
        this.fold(
          this.b.binary('and', this.b.callHelper('map_delete_elem', [this.map(), this.anyKey()]), 1n),
        );
        return;
      case 5:
        this.copy();
        return;
      case 6:
        this.fold(this.b.load(this.anyKey(), 4 * this.next(4), 4, this.next(2) === 0));
        return;
      case 7:
        this.b.store(this.anyKey(), 4 * this.next(4), 4, this.operand());
        return;
      case 8:
        this.loop(depth - 1);
        return;
      default:
        this.choice(depth - 1);
    }
  }

  /** Small numbers, so that keys come again. */
  private operand(): Operand {
    const choice = this.next(4);
    if (choice === 0) return { constant: BigInt(this.next(3)) };
    if (choice === 1) return this.b.binary('and', this.b.getLocal(this.sum), 1n);
    if (choice === 2) return this.b.binary('and', this.b.callHelper('get_smp_processor_id', []), 0n);
    return this.b.load(this.context, 8 * this.next(3), 4, this.next(2) === 0);
  }

  private key(): Value {
    const { b } = this;
    const address = b.slotAddress(b.slot('key', 16));
    if (this.next(3) === 0) b.zero(address, 0, 16);
    for (let offset = 0; offset < 16; offset += 8) this.word(address, offset);
    return address;
  }

  private word(address: Value, offset: number): void {
    const { b } = this;
    switch (this.next(4)) {
      case 0:
        b.store(address, offset, 8, this.operand());
        return;
      case 1:
        b.storeBytes(address, offset, Uint8Array.of(this.next(2), 0, 0, 0, 0, 0, 0, 0));
        return;
      case 2:
        b.store(address, offset, 4, this.operand());
        b.store(address, offset + 4, 4, 0n);
        return;
      default:
        b.zero(address, offset, 8);
        b.store(address, offset + 2 * this.next(4), 2, this.operand());
    }
  }

  private map(): Value {
    return this.b.mapAddress(MAPS[this.next(MAPS.length)]!.name);
  }

  private anyKey(): Value {
    return this.keys[this.next(this.keys.length)]!;
  }

  private copy(): void {
    const { b } = this;
    const target = b.slotAddress(b.slot('copy', 16));
    b.copy(target, 0, this.anyKey(), 0, 16);
    this.keys.push(target);
  }

  private insert(key: Value): void {
    const { b } = this;
    const value = b.slotAddress(b.slot('value', 16));
    b.store(value, 0, 8, this.operand());
    b.store(value, 8, 8, b.getLocal(this.sum));
    b.callHelper('map_update_elem', [this.map(), key, value, { constant: 0n }]);
  }

  private lookup(): void {
    const { b } = this;
    const key = this.anyKey();
    const found = b.callHelper('map_lookup_elem', [this.map(), key], { kind: 'map-value-or-null' });
    const [hit, miss, after] = [b.block(), b.block(), b.block()];
    b.branch({ op: 'ne', left: found, right: 0n }, hit, miss, 'otherwise');
    b.enter(hit);
    const old = b.load(found, 8 * this.next(2), 8);
    this.fold(old);
    if (this.next(2) === 0) b.store(found, 8 * this.next(2), 8, b.binary('add', old, 1n));
    if (this.next(3) === 0) this.fold(b.load(found, 0, 4));
    b.jump(after);
    b.enter(miss);
    this.fold({ constant: 3n });
    if (this.next(2) === 0) this.insert(key);
    b.jump(after);
    b.enter(after);
  }

  private choice(depth: number): void {
    const { b } = this;
    const [then, otherwise, join] = [b.block(), b.block(), b.block()];
    const right = BigInt(this.next(3));
    const op = (['eq', 'ne', 'ugt', 'sle'] as const)[this.next(4)]!;
    b.branch({ op, left: this.operand(), right }, then, otherwise);
    const outer = [...this.keys];
    b.enter(then);
    this.body(depth);
    b.jump(join);
    this.keys = [...outer];
    b.enter(otherwise);
    if (this.next(2) === 0) this.body(depth);
    b.jump(join);
    b.enter(join);
    this.keys = outer;
  }

  private loop(depth: number): void {
    const { b } = this;
    const counter = b.local('counter');
    b.setLocal(counter, 0n);
    const [head, inside, after] = [b.block(), b.block(), b.block()];
    b.jump(head);
    b.enter(head);
    b.branch({ op: 'ult', left: b.getLocal(counter), right: 2n }, inside, after);
    const outer = [...this.keys];
    b.enter(inside);
    this.body(depth);
    b.setLocal(counter, b.binary('add', b.getLocal(counter), 1n));
    b.jump(head);
    b.enter(after);
    this.keys = outer;
  }
}
