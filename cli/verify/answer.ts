/** Our own answers: one program against one kernel. */
import { parseKernelRelease } from '../../bpf/kernel-release.ts';
import { caseInput } from '../../verifier/case/to-input.ts';
import { type CaseAnswer, verifyCase } from '../../verifier/case/verify-case.ts';
import { type Explanation, explainRefusal } from '../../verifier/explain/explain.ts';
import { renderExplanation } from '../../verifier/explain/render.ts';
import type { VerifierKernel, VerifierOptions } from '../../verifier/input.ts';
import { RELEASES } from '../../verifier/matrix.ts';
import { CliError } from '../io.ts';
import type { VerifyFlags } from './flags.ts';
import type { VerifyKernels } from './kernels.ts';
import type { Subject } from './subjects.ts';

const LOG_LEVELS = 7;

/** How the flags want it done. */
export function verifierOptions(flags: VerifyFlags, signal?: AbortSignal): Omit<VerifierOptions, 'kernel'> {
  const { logLevel: text = '0' } = flags;
  const logLevel = Number(text);
  if (!/^\d$/.test(text) || logLevel > LOG_LEVELS) {
    throw new CliError(
      `Invalid value '${text}' for --log-level: use 1 (path), 2 (everything), 4 (statistics) or a sum`,
    );
  }
  return {
    logLevel,
    ...(flags.unprivileged === true ? { privileged: false } : {}),
    ...(flags.states === true ? { states: true } : {}),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** A case may name its own kernel, where the command line names none. */
export function kernelOf(subject: Subject, { kernels, isDefault }: VerifyKernels): VerifierKernel {
  const [kernel] = kernels as readonly [VerifierKernel];
  const named = subject.case?.kernel;
  const release = named === undefined || !isDefault ? undefined : parseKernelRelease(named);
  const own = release === undefined || release === kernel.release || !RELEASES.includes(release);
  const cpus = subject.case?.cpus;
  return { ...(own ? kernel : { release }), ...(cpus === undefined ? {} : { cpus }) };
}

/** Never throws: a bug of ours is no verdict, and the next program is judged. */
export function answer(subject: Subject, options: VerifierOptions): CaseAnswer {
  const { id, case: one, problem } = subject;
  if (one === undefined) return { id, ok: null, messages: [problem ?? ''], microseconds: 0 };
  try {
    return verifyCase(one, options);
  } catch (error) {
    return { id, ok: null, messages: [internal(error)], microseconds: 0 };
  }
}

/** Why it was refused, in words; empty where there is nothing to say. */
export function explanation(subject: Subject, options: VerifierOptions): string {
  try {
    const found = explained(subject, options);
    return found === undefined ? '' : renderExplanation(found);
  } catch (error) {
    return `(no explanation: ${internal(error)})\n`;
  }
}

/** The same as data; undefined where there is nothing to say. */
export function explanationData(subject: Subject, options: VerifierOptions): Explanation | undefined {
  try {
    return explained(subject, options);
  } catch {
    return undefined;
  }
}

function explained(subject: Subject, options: VerifierOptions): Explanation | undefined {
  if (subject.case === undefined) return undefined;
  const { logLevel: _, states: __, ...rest } = options;
  return explainRefusal(caseInput(subject.case), rest, subject.lines);
}

function internal(error: unknown): string {
  return `internal error: ${error instanceof Error ? error.message : String(error)}`;
}
