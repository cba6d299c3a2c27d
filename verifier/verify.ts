/** `verify`: the one entry. Never throws on any bytes; the work is bounded by the kernel's own limits. */
import { exploreProgram } from './entry.ts';
import { Environment } from './environment.ts';
import type { VerifierInput, VerifierOptions } from './input.ts';
import { KernelLog, LogLevel } from './log/kernel-log.ts';
import type { Observer } from './observer.ts';
import { joinObservers, StateRecorder } from './observers.ts';
import { Cancelled } from './order/explore.ts';
import { type MessageValues, Rejection } from './rejection.ts';
import type { Refusal, Report, VerifierStatistics } from './report.ts';
import { analyseStructure, checkAfterWalk } from './structure/structure.ts';

/** Would the kernel of `options` load this program? */
export function verify(input: VerifierInput, options: VerifierOptions = {}): Report {
  return verifyObserved(input, options, []);
}

/** The same, with somebody watching. */
export function verifyObserved(
  input: VerifierInput,
  options: VerifierOptions,
  watching: readonly Observer[],
): Report {
  const env = new Environment(input, options);
  const level = options.logLevel ?? 0;
  const log = (level & (LogLevel.path | LogLevel.full)) === 0 ? undefined : new KernelLog(env, level);
  const recorder = options.states === true ? new StateRecorder() : undefined;
  env.observer = joinObservers([log, recorder, ...watching].filter((one) => one !== undefined));
  const outcome = judge(env, options.signal);
  const statistics = statisticsOf(env);
  const lines = [...(outcome.refusal === undefined ? [] : outcome.refusal.message.split('\n'))];
  if (level !== 0) lines.push(...statisticsLines(statistics, env.profile.limits.processed));
  log?.finish(lines);
  return {
    ...outcome,
    statistics,
    log: log?.text ?? lines.map((line) => `${line}\n`).join(''),
    ...(recorder === undefined ? {} : { states: recorder.states }),
  };
}

interface Outcome {
  readonly accepted: boolean | undefined;
  readonly refusal?: Refusal;
}

function judge(env: Environment, signal: AbortSignal | undefined): Outcome {
  try {
    analyseStructure(env);
    exploreProgram(env, signal);
    checkAfterWalk(env);
    return { accepted: true };
  } catch (error) {
    if (error instanceof Cancelled) return { accepted: undefined };
    if (!(error instanceof Rejection)) throw error;
    const message = [...env.remarks, error.text].join('\n');
    return {
      accepted: error.kind === 'unsupported' ? undefined : false,
      refusal: { code: error.code, message, values: error.values, ...placeOf(env, error.values) },
    };
  }
}

/** Before and after the walk a rejection concerns no instruction that is walked; some tell one themselves. */
function placeOf(env: Environment, { slot }: MessageValues): { readonly slot?: number } {
  if (env.walking) return { slot: env.slot };
  return typeof slot === 'number' ? { slot } : {};
}

function statisticsOf(env: Environment): VerifierStatistics {
  return {
    processed: env.processed,
    maxStatesPerInstruction: env.maxStatesPerInstruction,
    totalStates: env.totalStates,
    peakStates: env.peakStates,
    stackDepths: env.subprograms.slice(0, -1).map(({ stackDepth }) => stackDepth),
  };
}

/** `print_verification_stats`, without the time. */
function statisticsLines(statistics: VerifierStatistics, limit: number): string[] {
  const { processed, maxStatesPerInstruction, totalStates, peakStates, stackDepths } = statistics;
  return [
    `stack depth ${stackDepths.join('+')}`,
    `processed ${processed} insns (limit ${limit}) max_states_per_insn ${maxStatesPerInstruction} ` +
      `total_states ${totalStates} peak_states ${peakStates} mark_read 0`,
  ];
}
