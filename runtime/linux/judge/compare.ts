/** Our answers beside the kernel's: where they differ, and how often. */
import type { CaseAnswer } from '../../../verifier/case/verify-case.ts';
import type { JudgeAnswer } from './answers.ts';
import { errnoName } from './errno-names.ts';

/** `unjudged`: the kernel gave no verdict, so that nothing can be said. */
export type Agreement = 'agree' | 'false accept' | 'false reject' | 'no verdict' | 'unjudged';

export interface Comparison {
  readonly id: string;
  readonly ours: CaseAnswer;
  readonly linux: JudgeAnswer;
  readonly agreement: Agreement;
  /** Of refusals that both make; undefined where the kernel's log does not tell one. */
  readonly sameInsn?: boolean;
  readonly sameFirst?: boolean;
  readonly sameText?: boolean;
  /** Ours over the kernel's, of programs that both accept. */
  readonly processedRatio?: number;
}

export function compareAnswers(ours: CaseAnswer, linux: JudgeAnswer): Comparison {
  const base = { id: ours.id, ours, linux, agreement: agreementOf(ours.ok, linux.ok) };
  if (base.agreement !== 'agree') return base;
  if (linux.ok === true) return { ...base, ...processedOf(ours, linux) };
  // What the system call refuses by itself leaves no text: then our message is the error's name.
  const said = linux.messages.length === 0 ? [errnoName(linux.errno)] : linux.messages;
  return {
    ...base,
    ...(linux.insn === undefined ? {} : { sameInsn: ours.insn === linux.insn }),
    sameFirst: (ours.messages[0] ?? '') === said[0],
    sameText: ours.messages.join('\n') === said.join('\n'),
  };
}

function agreementOf(ours: boolean | null, linux: boolean | null): Agreement {
  if (linux === null) return 'unjudged';
  if (ours === null) return 'no verdict';
  if (ours === linux) return 'agree';
  return ours ? 'false accept' : 'false reject';
}

function processedOf(ours: CaseAnswer, linux: JudgeAnswer): Pick<Comparison, 'processedRatio'> {
  if (ours.processed === undefined || linux.processed === undefined || linux.processed === 0) return {};
  return { processedRatio: ours.processed / linux.processed };
}

/** One row of the table. */
export interface Tally {
  readonly file: string;
  readonly cases: number;
  /** Of those the kernel judged. */
  readonly judged: number;
  readonly agree: number;
  readonly falseAccepts: number;
  readonly falseRejects: number;
  readonly noVerdicts: number;
  /** Refused by both, and how many of them at the instruction and with the words of the kernel. */
  readonly refused: number;
  /** Of those whose instruction the kernel's log tells. */
  readonly placed: number;
  readonly sameInsn: number;
  readonly sameFirst: number;
  readonly sameText: number;
  /** Accepted by both, and how many of them walked within a fifth of the kernel's number of instructions. */
  readonly accepted: number;
  readonly processedAlike: number;
}

const FIFTH = 0.2;

export function tally(file: string, rows: readonly Comparison[]): Tally {
  const count = (test: (row: Comparison) => boolean): number => rows.filter(test).length;
  const of =
    (kind: Agreement) =>
    (row: Comparison): boolean =>
      row.agreement === kind;
  const refused = (row: Comparison): boolean => row.sameText !== undefined;
  return {
    file,
    cases: rows.length,
    judged: rows.length - count(of('unjudged')),
    agree: count(of('agree')),
    falseAccepts: count(of('false accept')),
    falseRejects: count(of('false reject')),
    noVerdicts: count(of('no verdict')),
    refused: count(refused),
    placed: count(({ sameInsn }) => sameInsn !== undefined),
    sameInsn: count(({ sameInsn }) => sameInsn === true),
    sameFirst: count(({ sameFirst }) => sameFirst === true),
    sameText: count(({ sameText }) => sameText === true),
    accepted: count(({ processedRatio }) => processedRatio !== undefined),
    processedAlike: count(({ processedRatio: ratio }) => ratio !== undefined && Math.abs(ratio - 1) <= FIFTH),
  };
}

/** One row for each part of ids before `/#` or `/`, then one for all. */
export function tallies(rows: readonly Comparison[]): readonly Tally[] {
  const byFile = Map.groupBy(rows, ({ id }) => fileOf(id));
  const parts = [...byFile].map(([file, own]) => tally(file, own));
  return [...parts, tally('all', rows)];
}

function fileOf(id: string): string {
  const mark = id.indexOf('/#');
  const end = mark >= 0 ? mark : id.lastIndexOf('/');
  return end > 0 ? id.slice(0, end) : '-';
}

/** Differences of one kind: what was said, without its numbers. */
export interface DifferenceGroup {
  readonly title: string;
  readonly rows: readonly Comparison[];
}

/** Most frequent first; of refusals by both those whose text or instruction differs. */
export function differenceGroups(rows: readonly Comparison[]): readonly DifferenceGroup[] {
  const groups = Map.groupBy(rows.filter(isDifference), titleOf);
  return [...groups]
    .map(([title, own]) => ({ title, rows: own }))
    .sort((a, b) => rank(a) - rank(b) || b.rows.length - a.rows.length);
}

export function isDifference({ agreement, sameText, sameInsn, processedRatio }: Comparison): boolean {
  if (agreement === 'unjudged') return false;
  if (agreement !== 'agree' || sameText === false || sameInsn === false) return true;
  return processedRatio !== undefined && Math.abs(processedRatio - 1) > FIFTH;
}

const RANKS: readonly Agreement[] = ['false accept', 'no verdict', 'false reject', 'agree'];

function rank({ rows }: DifferenceGroup): number {
  return RANKS.indexOf(rows[0]!.agreement);
}

function titleOf(row: Comparison): string {
  const { agreement, ours, linux } = row;
  if (agreement === 'false accept') return `FALSE ACCEPT  linux: ${general(linux.messages)}`;
  if (agreement === 'false reject') return `FALSE REJECT  ours: ${general(ours.messages)}`;
  if (agreement === 'no verdict') return `NO VERDICT  ours: ${general(ours.messages)}`;
  if (linux.ok === true) return `PROCESSED  ${row.processedRatio! > 1 ? 'more than' : 'fewer than'} linux`;
  if (row.sameText === true) return `OTHER INSN  ${general(linux.messages)}`;
  return `OTHER TEXT  ours: ${general(ours.messages)}  linux: ${general(linux.messages)}`;
}

/** Registers, numbers and what follows a colon are the program's; the rest is the message's. */
function general(messages: readonly string[]): string {
  const text = messages.length === 0 ? '(nothing)' : messages.slice(0, 2).join(' | ');
  return text.replace(/0x[0-9a-f]+|-?\d+/g, '#').slice(0, 140);
}
