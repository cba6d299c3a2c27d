/**
 * The plugin that the public bpf_conformance runner asks for: `conformance-plugin.ts [MEMORY] [--program HEX] [--jit
 * NAME]` takes memory and program (else standard input) in hexadecimal, runs the program with r1 = the memory's address and
 * r2 = its length, and prints r0 in hexadecimal. Engines are those of `bpfkit --jit`; accesses are checked.
 *
 *     bpf_conformance_runner --test_file_directory tests --plugin_path conformance-plugin --plugin_options "--jit direct"
 */
import { parseArgs } from 'node:util';
import { decodeInstructions } from '../bpf/decode.ts';
import type { BpfObject } from '../bpf/object.ts';
import { ENGINE_CHOICES, engineFor, isEngineChoice } from '../runtime/engines.ts';
import { createMachine, hex64, setResultPair } from '../vm/index.ts';

/** The one helper its programs call by number: gives back its first argument. */
const UNWIND = 5;

function bytesOf(text: string): Uint8Array {
  return Uint8Array.fromHex(text.replaceAll(/\s|0x/g, ''));
}

async function standardInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
  return text;
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    program: { type: 'string' },
    jit: { type: 'string', default: 'auto' },
    debug: { type: 'boolean' },
  },
});
const memory = bytesOf(positionals.join(''));
const { instructions, problems } = decodeInstructions(bytesOf(values.program ?? (await standardInput())));
if (problems.length > 0) fail(problems.map(({ slot, message }) => `slot ${slot}: ${message}`).join('\n'));

const length = { op: 'mov64_k', dst: 2, src: 0, off: 0, imm: memory.length } as const;
const object: BpfObject = {
  name: 'program',
  endian: 'little',
  license: 'GPL',
  programs: [
    {
      name: 'main',
      type: 'raw_tracepoint',
      section: 'raw_tp',
      attach: [],
      instructions: [length, ...instructions],
    },
  ],
  functions: [],
  maps: [],
  data: new Map(),
  sources: [],
};
if (!isEngineChoice(values.jit))
  throw new Error(`--jit ${values.jit}: use one of ${ENGINE_CHOICES.join(', ')}`);
const engine = await engineFor(values.jit);
const machine = createMachine({ memoryLimit: 1 << 20, mode: 'checked', ...(engine && { engine }) });
machine.installHelpers(new Map([[UNWIND, (r) => setResultPair(r, r[2]!, r[3]!)]]));
const context = machine.memory.allocateRegion(memory.length + 8, {
  kind: 'context',
  label: 'memory',
  writable: true,
});
machine.memory.write(context, memory);
const r = machine.run(machine.load(object).programs.get('main')!, 0, memory.length === 0 ? 0 : context);
console.log(hex64(r[0]!, r[1]!).slice(2));
