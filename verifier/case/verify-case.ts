/** A case → one line of an answer, as `bpfkit verify --batch --json` prints it. */
import type { VerifierOptions } from '../input.ts';
import type { Report } from '../report.ts';
import { verify } from '../verify.ts';
import type { Case } from './case.ts';
import { CaseError } from './json.ts';
import { caseInput } from './to-input.ts';

export interface CaseAnswer {
  readonly id: string;
  /** Null: no verdict, `messages` say why. */
  readonly ok: boolean | null;
  /** The kernel's words, a line each; of no verdict ours. */
  readonly messages: readonly string[];
  /** Slot the refusal is about, where it is about one. */
  readonly insn?: number;
  /** Of our message, for `bpfkit explain`. */
  readonly code?: string;
  readonly processed?: number;
  readonly microseconds: number;
  readonly report?: Report;
}

/** A case whose types cannot be read has no verdict, and its answer says why. */
export function verifyCase(one: Case, options: VerifierOptions): CaseAnswer {
  const from = performance.now();
  try {
    return answerOf(one.id, verify(caseInput(one), options), from);
  } catch (error) {
    if (!(error instanceof CaseError)) throw error;
    return { id: one.id, ok: null, messages: [error.message], microseconds: since(from) };
  }
}

function answerOf(id: string, report: Report, from: number): CaseAnswer {
  const { accepted, refusal, statistics } = report;
  const insn = accepted === false ? refusal?.slot : undefined;
  return {
    id,
    ok: accepted ?? null,
    messages:
      refusal === undefined ? (accepted === undefined ? ['cancelled'] : []) : refusal.message.split('\n'),
    ...(insn === undefined ? {} : { insn }),
    ...(refusal === undefined ? {} : { code: refusal.code }),
    processed: statistics.processed,
    microseconds: since(from),
    report,
  };
}

function since(from: number): number {
  return Math.round((performance.now() - from) * 1000);
}
