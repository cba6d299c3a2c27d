/** `bpfkit disasm`: raw bytecode to text. */
import { decodeInstructions } from '../../bpf/decode.ts';
import { printInstructions } from '../../bpf/disasm/index.ts';
import { formatProblem } from '../../bpf/problem.ts';
import { readBytes } from '../files.ts';
import { CliError, type CliIo, EXIT } from '../io.ts';

export interface DisasmFlags {
  readonly big?: boolean;
  readonly style: 'kernel' | 'llvm';
}

/** Prints what can be read even of damaged bytecode; its problems go to stderr. */
export async function disasm(file: string, flags: DisasmFlags, io: CliIo): Promise<number> {
  const bytes = readBytes(file, io);
  if (bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46) {
    throw new CliError(`'${file}' is an ELF file, and disasm takes raw bytecode: use bpfkit inspect -d`);
  }
  if (bytes.length === 0) throw new CliError(`'${file}' is empty`);
  const decoded = decodeInstructions(bytes, flags.big === true ? 'big' : 'little');
  io.stdout(printInstructions(decoded.instructions, { style: flags.style }));
  for (const problem of decoded.problems) io.stderr(`ERROR: ${file}: ${formatProblem(problem)}\n`);
  return decoded.problems.length === 0 ? EXIT.ok : EXIT.refused;
}
