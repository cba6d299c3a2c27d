/** Whether an instruction begins at a place of a function: a breakpoint anywhere else breaks the program. */
import { EM } from '../../../bpf/elf/constants.ts';
import type { FunctionSymbol, UserBinary } from '../../../bpf/elf/user/index.ts';
import { instructionLength } from '../../../bpf/elf/user/x86-length.ts';

/** True where nothing tells: of other machines, and of code that is not understood. */
export function isBoundary(binary: UserBinary, symbol: FunctionSymbol, offset: number): boolean {
  const { elf } = binary;
  const start = binary.fileOffset(symbol.address);
  if (elf.header.machine !== EM.X86_64 || start === undefined) return true;
  const length = Math.min(symbol.size, elf.source.size - start);
  const code = elf.source.read(start, length);
  let at = 0;
  while (at < offset && at < code.length) {
    const step = instructionLength(code, at);
    if (step === undefined) return true;
    at += step;
  }
  return at === offset;
}
