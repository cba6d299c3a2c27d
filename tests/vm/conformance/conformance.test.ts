/** Every engine passes the conformance cases. */
import { describe, expect, test } from 'vitest';
import { testEngines } from '../engines.ts';
import { insn, object, pair } from '../support.ts';
import { conformanceCases } from './case.ts';

const cases = conformanceCases();

describe.each(await testEngines())('$name', ({ machine: newMachine }) => {
  test.each(cases)('$name', ({ program, memory, r0, memoryAfter }) => {
    const machine = newMachine({ memoryLimit: 1 << 20 });
    const length = memory?.length ?? 0;
    const context = machine.memory.allocateRegion(length + 8, {
      kind: 'context',
      label: 'memory',
      writable: true,
    });
    machine.memory.write(context, memory ?? new Uint8Array(0));
    const size = memory === undefined ? [] : [insn('mov64_k', { dst: 2, imm: length })];
    const { programs } = machine.load(object([...size, ...program]));
    const r = machine.run(programs.get('main')!, 0, memory === undefined ? 0 : context);
    expect(`0x${pair(r[0]!, r[1]!).toString(16)}`).toBe(`0x${r0.toString(16)}`);
    const after = machine.memory.bytes(context, length).toHex();
    expect(after).toBe((memoryAfter ?? memory ?? new Uint8Array(0)).toHex());
  });
});
