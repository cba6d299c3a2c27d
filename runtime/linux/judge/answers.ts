/** What `bpfjudge.c` writes → answers. */
import type { Case } from '../../../verifier/case/case.ts';
import type { LogLevel } from './commands.ts';
import { processedOf, type Reason, reasonOf, reasonOfPath } from './reason.ts';

export interface JudgeAnswer extends Reason {
  readonly id: string;
  /** Null when this kernel gives no verdict; `unjudged` says why. */
  readonly ok: boolean | null;
  readonly unjudged?: string;
  /** Of the load; 0 when it went well. */
  readonly errno: number;
  /** Instructions the verifier walked. */
  readonly processed?: number;
  /** Of the processor for the whole system call, at the level asked for (`auto`: 4). */
  readonly microseconds: number;
  /** At the level asked for; `auto`: the path of what was refused, at most its last 64 KiB. */
  readonly log: string;
}

const EPERM = 1;
const EACCES = 13;

const STAGES: Readonly<Record<string, string>> = {
  btf: 'the kernel refuses the BTF of the case',
  map: 'the kernel refuses a map of the case',
  target: 'the kernel has no such function or type to attach to',
  time: 'the load took longer than the limit',
};

/** One answer as the judge wrote it: what it means is told by {@link judgeAnswer}. */
export interface RawAnswer {
  readonly id: string;
  readonly stage: string;
  readonly errno: number;
  readonly microseconds: number;
  readonly log: string;
  /** The end of a log of level 1, at level `auto`. */
  readonly path: string;
}

/** Answers to {@link judgeCommands}, one a case. Throws when the judge stopped before the end. */
export function rawAnswers(cases: readonly Case[], output: Uint8Array): readonly RawAnswer[] {
  const decoder = new TextDecoder();
  let at = 0;
  return cases.map(({ id }) => {
    const end = output.indexOf(10, at);
    const head = end < 0 ? '' : decoder.decode(output.subarray(at, end));
    const [mark, stage = '', errno, nanoseconds, first, second] = head.split(' ');
    if (mark !== 'A') throw new Error(`bpfjudge stopped before case ${id}`);
    const middle = end + 1 + Number(first);
    at = middle + Number(second) + 1;
    const log = decoder.decode(output.subarray(end + 1, middle));
    const path = decoder.decode(output.subarray(middle, at - 1));
    return { id, stage, errno: Number(errno), microseconds: Number(nanoseconds) / 1000, log, path };
  });
}

/** @param level that was asked for */
export function judgeAnswer(raw: RawAnswer, level: LogLevel): JudgeAnswer {
  const { id, stage, errno, microseconds, log, path } = raw;
  const processed = processedOf(log);
  const shared = {
    id,
    errno,
    microseconds,
    ...(processed === undefined ? {} : { processed }),
    log: level === 'auto' ? path : log,
  };
  if (stage === 'ok') return { ...shared, ok: true, messages: [] };
  const reason = level === 'auto' ? reasonOf(log, path) : level === 4 ? reasonOf(log, '') : reasonOfPath(log);
  const unjudged = STAGES[stage] ?? policy(errno, reason);
  if (unjudged !== undefined)
    return { ...shared, ...reason, ok: null, unjudged: `${unjudged} (errno ${errno})` };
  return { ...shared, ...reason, ok: false };
}

/** A security policy refuses without a message; the verifier says EACCES or EPERM with one. */
function policy(errno: number, { messages }: Reason): string | undefined {
  const silent = messages.length === 0 && (errno === EPERM || errno === EACCES);
  return silent ? 'a policy of the machine refuses the load' : undefined;
}
