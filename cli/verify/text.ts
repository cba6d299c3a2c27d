/** Answers of `bpfkit verify` as text and as JSON lines. */
import type { CaseAnswer } from '../../verifier/case/verify-case.ts';
import { readProgram } from '../../verifier/instruction.ts';
import { insnText } from '../../verifier/log/insn-text.ts';
import { frameText } from '../../verifier/log/state-text.ts';
import { type MatrixRow, oldestAccepting } from '../../verifier/matrix.ts';
import type { Report } from '../../verifier/report.ts';
import type { Subject } from './subjects.ts';

/** `{ id, ok, reason, insn, code, processed, us }`; what is not known is absent. `reason` has all lines of the message. */
export function answerJson(answer: Omit<CaseAnswer, 'report'>, more: object = {}): string {
  const { id, ok, messages, insn, code, processed, microseconds: us } = answer;
  const reason = messages.length === 0 ? undefined : messages.join('\n');
  return `${JSON.stringify({ id, ok, reason, insn, code, processed, us, ...more })}\n`;
}

/** `name (section): accepted, 12 instructions walked`. */
export function verdictLine({ id, section }: Subject, answer: Omit<CaseAnswer, 'report'>): string {
  const place = section === undefined ? id : `${id} (${section})`;
  const { ok, messages, insn, processed } = answer;
  if (ok === true) return `${place}: accepted, ${processed ?? '?'} instructions walked\n`;
  const why = messages[0] ?? 'without a word';
  if (ok === null) return `${place}: no verdict: ${why}\n`;
  return `${place}: refused${insn === undefined ? '' : ` at ${insn}`}: ${why}\n`;
}

export function statisticsText({ statistics: one }: Report): string {
  const depths = one.stackDepths.map((depth) => `${depth}`).join('+');
  return [
    `  ${one.processed} instructions walked, at most ${one.maxStatesPerInstruction} states kept at one`,
    `  ${one.totalStates} states kept in all, ${one.peakStates} at once; stack ${depths} bytes\n`,
  ].join('\n');
}

/** What was known before each instruction, a line a visit. */
export function statesText(subject: Subject, report: Report): string {
  if (subject.case === undefined || report.states === undefined) return '';
  const insns = readProgram(subject.case.insns);
  const lines: string[] = [];
  for (const [slot, insn] of insns.entries()) {
    const states = report.states.get(slot);
    if (states === undefined) continue;
    lines.push(`${String(slot).padStart(5)}: ${insnText(insn, insns[slot + 1])}`);
    for (const state of states) {
      lines.push(`       ;${state.frames.map((_, frame) => frameText(state, frame)).join('')}`);
    }
  }
  return lines.map((line) => `${line}\n`).join('');
}

const VERDICTS = { true: 'accepts', false: 'refuses', undefined: 'no verdict' } as const;

interface Neighbours {
  readonly first: MatrixRow;
  readonly last: MatrixRow;
  readonly text: string;
}

/** Releases that follow one another and say the same share a line. */
function neighbours(rows: readonly MatrixRow[]): readonly Neighbours[] {
  const lines: Neighbours[] = [];
  for (const row of rows) {
    const text = rowText(row);
    const before = lines.at(-1);
    const same = before !== undefined && before.text === text && before.first.judged === row.judged;
    if (same) lines[lines.length - 1] = { ...before, last: row };
    else lines.push({ first: row, last: row, text });
  }
  return lines;
}

function rowText({ report: { accepted, refusal, statistics } }: MatrixRow): string {
  const place = refusal?.slot === undefined || accepted !== false ? '' : `at ${refusal.slot}: `;
  const why =
    accepted === true ? `${statistics.processed} walked` : `${place}${refusal?.message.split('\n')[0] ?? ''}`;
  return `${VERDICTS[`${accepted}`].padEnd(10)} ${why}`;
}

/** A line for releases that say the same, and from which on all accept. */
export function matrixText(subject: Subject, rows: readonly MatrixRow[]): string {
  const title = subject.section === undefined ? subject.id : `${subject.id} (${subject.section})`;
  const lines = neighbours(rows).map(({ first, last, text }) => {
    const { judged } = first;
    const releases = first === last ? first.release : `${first.release}–${last.release}`;
    return `  ${releases.padEnd(9)}${judged ? ' ' : '*'} ${text}`;
  });
  const oldest = oldestAccepting(rows);
  const newest = rows.at(-1)!.release;
  const end =
    oldest === undefined
      ? `  Linux ${newest} does not accept it.`
      : oldest === rows[0]!.release
        ? '  All of them accept it.'
        : `  The oldest that accepts it is Linux ${oldest}.`;
  const note = rows.some(({ judged }) => !judged)
    ? ['  * unjudged: by what is known of this release, never compared with a booted one']
    : [];
  return [`${title}:`, ...lines, end, ...note, ''].join('\n');
}
