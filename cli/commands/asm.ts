/** `bpfkit asm`: BPF text to raw bytecode. */
import { assemble } from '../../bpf/asm/index.ts';
import { encodeInstructions } from '../../bpf/encode.ts';
import { linkProgram } from '../../bpf/link.ts';
import type { BpfObject, BpfProgram } from '../../bpf/object.ts';
import { formatProblem } from '../../bpf/problem.ts';
import { readScript } from '../files.ts';
import { CliError, type CliIo, EXIT } from '../io.ts';
import { writeOutputFile } from '../output.ts';
import { render } from '../render.ts';

export interface AsmFlags {
  readonly o?: string;
  readonly big?: boolean;
  readonly program?: string;
}

export async function asm(file: string, flags: AsmFlags, io: CliIo): Promise<number> {
  const source = await readScript(file, undefined, io);
  const { object, diagnostics } = assemble(source.text, source.name);
  if (diagnostics.length > 0) io.stderr(render(diagnostics, [source], io));
  if (object === undefined || diagnostics.some((item) => item.severity === 'error')) return EXIT.refused;
  const bytes = encode(object, chosen(object, flags.program), flags.big === true);
  if (flags.o === undefined) io.stdout(hexLines(bytes));
  else writeOutputFile(flags.o, bytes, io);
  return EXIT.ok;
}

/** Raw bytecode is one program: the one named, or the only one. */
function chosen(object: BpfObject, name: string | undefined): BpfProgram {
  const names = object.programs.map((program) => program.name).join(', ');
  if (name !== undefined) {
    const program = object.programs.find((one) => one.name === name);
    if (program === undefined) throw new CliError(`There is no program '${name}'; there are: ${names}`);
    return program;
  }
  const [first, second] = object.programs;
  if (first === undefined) throw new CliError('The text has no program');
  if (second !== undefined)
    throw new CliError(`The text has several programs; choose one with --program: ${names}`);
  return first;
}

function encode(object: BpfObject, program: BpfProgram, big: boolean): Uint8Array {
  const linked = linkProgram(program, object.functions);
  const encoded = encodeInstructions(linked.instructions, { order: big ? 'big' : 'little' });
  const problems = [...linked.problems, ...encoded.problems];
  if (problems.length > 0) throw new CliError(problems.map(formatProblem).join('\n'));
  const [hole] = encoded.holes;
  if (hole !== undefined && 'name' in hole.ref) {
    throw new CliError(
      `slot ${hole.slot} names the ${hole.ref.kind} '${hole.ref.name}', which has no number before an object is loaded: raw bytecode cannot hold it`,
    );
  }
  return encoded.bytes;
}

function hexLines(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 8) {
    lines.push(
      Array.from(bytes.subarray(at, at + 8), (byte) => byte.toString(16).padStart(2, '0')).join(' '),
    );
  }
  return lines.map((line) => `${line}\n`).join('');
}
