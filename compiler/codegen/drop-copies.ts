/** Drops copies between registers that hold the same already, as joined blocks leave them. Runs on allocated code. */
import { effectsOf, type MachineFunction, type MachineInstruction, type MachineRegister } from './machine.ts';

export function dropCopies(fn: MachineFunction): MachineFunction {
  const blocks = fn.blocks.map((block) => ({ ...block, instructions: dropInBlock(block.instructions) }));
  return { ...fn, blocks };
}

function dropInBlock(instructions: readonly MachineInstruction[]): readonly MachineInstruction[] {
  const copyOf = new Map<MachineRegister, MachineRegister>();
  const forget = (register: MachineRegister): void => {
    copyOf.delete(register);
    for (const [copy, original] of copyOf) if (original === register) copyOf.delete(copy);
  };
  return instructions.filter((one) => {
    if (one.kind === 'move') {
      const { dst, src } = one;
      if (copyOf.get(dst) === src || copyOf.get(src) === dst) return false;
      forget(dst);
      copyOf.set(dst, src);
      return true;
    }
    for (const register of effectsOf(one).defs) forget(register);
    return true;
  });
}
