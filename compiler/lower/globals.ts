/** Words in array maps of one value: by address where the target has BPF_PSEUDO_MAP_VALUE (5.2), else by a lookup. */
import type { Operand, Value } from '../ir/ir.ts';
import type { StartWord } from '../script-info.ts';
import type { Lowering } from './lowering.ts';
import { START_MAP } from './module.ts';

/** Runs `use` with the value's address; before 5.2 only when the lookup finds it, which for arrays is always. */
export function withGlobal(low: Lowering, map: string, use: (address: Value) => void): void {
  const { b } = low;
  if (low.module.features.valueAddress) {
    use(b.mapValueAddress(map));
    return;
  }
  const key = b.slotAddress(b.slot('global_key', 4, 4));
  b.store(key, 0, 4, 0n);
  const address = b.callHelper('map_lookup_elem', [b.mapAddress(map), key], { kind: 'map-value-or-null' });
  const [found, after] = [b.block(), b.block()];
  b.branch({ op: 'ne', left: address, right: 0n }, found, after, 'otherwise');
  b.enter(found);
  use(address);
  b.jump(after);
  b.enter(after);
}

/** A word that user space set before programs run. */
export function startWord(low: Lowering, word: StartWord): Operand {
  const { startWords } = low.module;
  const offset = startWords.get(word) ?? startWords.size * 8;
  startWords.set(word, offset);
  const local = low.b.local('global');
  low.b.setLocal(local, 0n);
  withGlobal(low, START_MAP, (address) => low.b.setLocal(local, low.b.load(address, offset, 8)));
  return low.b.getLocal(local);
}
