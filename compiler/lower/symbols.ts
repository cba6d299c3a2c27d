/** Addresses of kernel symbols: constants where the kernel tells them, else put in by the loader. */
import type { Operand, Value } from '../ir/ir.ts';
import { address } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { readMemory } from './read-memory.ts';

export function symbolAddress(low: Lowering, name: string): Operand {
  const { module, b } = low;
  const known = module.model.kernel.symbolAddress?.(name);
  if (known !== undefined) return low.constantValue(known);
  module.symbols.add(name);
  return b.symbolAddress(name);
}

/**
 * A CPU's copy of a per-CPU variable: the kernel keeps how far each CPU's copies lie from where the linker put them. 0 for a
 * CPU the machine does not have.
 */
export function perCpuAddress(low: Lowering, name: string, cpu: Operand | undefined): Operand {
  const { b } = low;
  const result = b.local('percpu');
  const own = cpu === undefined ? b.callHelper('get_smp_processor_id', []) : cpu;
  b.setLocal(result, 0n);
  const [inside, after] = [b.block(), b.block()];
  if (cpu === undefined) b.jump(inside);
  else {
    const count = readWord(low, symbolAddress(low, 'nr_cpu_ids'), 4);
    b.branch({ op: 'ult', left: cpu, right: count }, inside, after);
  }
  b.enter(inside);
  const offsets = symbolAddress(low, '__per_cpu_offset');
  const distance = readWord(low, b.binary('add', b.binary('shl', own, 3n), offsets), 8);
  b.setLocal(result, b.binary('add', distance, symbolAddress(low, name)));
  b.jump(after);
  b.enter(after);
  return b.getLocal(result);
}

function readWord(low: Lowering, from: Operand, size: 4 | 8): Value {
  return low.temporaries(() => {
    const place = low.allocate(8);
    readMemory(low, { to: address(low, place), size: BigInt(size), from, user: false });
    return low.b.load(place.base, place.offset, size);
  });
}
