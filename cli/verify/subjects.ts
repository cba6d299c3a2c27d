/** What there is to verify: the programs of a script, an object file or a text, and the cases of a batch. */
import { inflateSync } from 'node:zlib';
import { assemble } from '../../bpf/asm/index.ts';
import { readObject } from '../../bpf/elf/object/index.ts';
import { FormatError } from '../../bpf/format-error.ts';
import type { BpfObject } from '../../bpf/object.ts';
import { withScript } from '../../compiler/object/script-file.ts';
import type { Case } from '../../verifier/case/case.ts';
import { objectCases } from '../../verifier/case/from-object.ts';
import { CaseError } from '../../verifier/case/json.ts';
import { readCases } from '../../verifier/case/read.ts';
import type { VerifierInput, VerifierKernel } from '../../verifier/input.ts';
import { isObjectFile, readBytes, readScript } from '../files.ts';
import { CliError, type CliIo, EXIT } from '../io.ts';
import { describeKernel, tellWarnings } from '../kernels.ts';
import { render } from '../render.ts';
import { compileScript, showDiagnostics } from '../script.ts';
import type { VerifyFlags } from './flags.ts';
import { bundledTypes } from './kernels.ts';

/** One program, or why there is none. */
export interface Subject {
  readonly id: string;
  /** Section, for people. */
  readonly section?: string;
  readonly case?: Case;
  readonly problem?: string;
  readonly lines?: VerifierInput['lines'];
}

/** Undefined: what was to be compiled is wrong, and that was shown. */
export async function fileSubjects(
  file: string | undefined,
  params: readonly string[],
  kernels: readonly VerifierKernel[],
  flags: VerifyFlags,
  io: CliIo,
): Promise<readonly Subject[] | undefined> {
  const object = await openObject(file, params, kernels, flags, io);
  if (object === undefined) return undefined;
  const named = kernels.find(({ btf }) => btf !== undefined)?.btf;
  const types = named ?? bundledTypes();
  const wanted = flags.program;
  for (const name of wanted ?? []) {
    if (object.programs.some((one) => one.name === name)) continue;
    const names = object.programs.map((one) => one.name).join(', ');
    throw new CliError(`There is no program '${name}'; there are: ${names}`);
  }
  const all = objectCases(object, types === undefined ? {} : { types });
  const chosen = wanted === undefined ? all : all.filter(({ name }) => wanted.includes(name));
  if (chosen.length === 0) throw new CliError(`'${object.name}' has no program to verify`);
  return chosen.map(({ name, section, case: one, problem, lines }) => ({
    id: name,
    section,
    ...(one === undefined ? {} : { case: { ...one, id: name } }),
    ...(problem === undefined ? {} : { problem }),
    lines,
  }));
}

async function openObject(
  file: string | undefined,
  params: readonly string[],
  kernels: readonly VerifierKernel[],
  flags: VerifyFlags,
  io: CliIo,
): Promise<BpfObject | undefined> {
  if (flags.e === undefined && file !== undefined && file !== '-') {
    if (file.endsWith('.o') || isObjectFile(file, io)) return readObjectFile(file, io);
    if (/\.(?:s|S|asm)$/.test(file)) return assembleFile(file, io);
  }
  const { on = 'sim', target = flags.on === undefined ? 'linux-6.1' : undefined } = flags;
  const kernel = await describeKernel({ on, ...(target === undefined ? {} : { target }) }, io);
  tellWarnings(kernel, {}, io);
  // Code for the oldest of them runs on all.
  const oldest = flags.kernel === undefined || flags.kernel === 'all' ? undefined : kernels[0]!.release;
  const scriptFlags = {
    ...(flags.e === undefined ? {} : { e: flags.e }),
    ...(flags.I === undefined ? {} : { I: flags.I }),
    ...(flags.include === undefined ? {} : { include: flags.include }),
    ...(oldest === undefined ? {} : { kernel: oldest }),
    unsafe: flags.unsafe === true,
  };
  const { result } = await compileScript(file, params, scriptFlags, kernel.info, io);
  showDiagnostics({ ...result, ok: false }, scriptFlags, io);
  return result.ok ? result.object : undefined;
}

function readObjectFile(file: string, io: CliIo): BpfObject {
  const bytes = readBytes(file, io);
  try {
    const { object, warnings } = readObject(bytes, file);
    for (const message of warnings) io.stderr(`WARNING: ${file}: ${message}\n`);
    return withScript(bytes, { object, warnings }).object;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new CliError(`Cannot read the object '${file}': ${error.message}`, EXIT.refused, { cause: error });
  }
}

async function assembleFile(file: string, io: CliIo): Promise<BpfObject | undefined> {
  const source = await readScript(file, undefined, io);
  const { object, diagnostics } = assemble(source.text, source.name);
  if (diagnostics.length > 0) io.stderr(render(diagnostics, [source], io));
  return object === undefined ? undefined : { ...object, sources: [source] };
}

/** Cases that cannot be read are subjects too: each gets its answer. */
export async function batchSubjects(file: string, io: CliIo): Promise<readonly Subject[]> {
  const text = file === '-' ? await standardInput(io) : new TextDecoder().decode(readBytes(file, io));
  try {
    return readCases(text, { inflate: unpack }).map((entry): Subject => {
      if (entry.kind === 'case') return { id: entry.case.id, case: entry.case };
      return { id: entry.id, problem: `${entry.path}: ${entry.problem}` };
    });
  } catch (error) {
    if (!(error instanceof CaseError)) throw error;
    throw new CliError(`Cannot read the cases of '${file}': ${error.message}`, EXIT.refused, {
      cause: error,
    });
  }
}

async function standardInput(io: CliIo): Promise<string> {
  return typeof io.stdin === 'function' ? await io.stdin() : (io.stdin ?? '');
}

function unpack(bytes: Uint8Array, limit: number): Uint8Array {
  return new Uint8Array(inflateSync(bytes, { maxOutputLength: limit }));
}
