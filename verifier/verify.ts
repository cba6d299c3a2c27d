/** `verify`: the one entry. Never throws on any bytes; the work is bounded by the kernel's own limits. */

import { exploreSubprogram } from './entry.ts';
import { Environment } from './environment.ts';
import type { VerifierInput, VerifierOptions } from './input.ts';
import { Cancelled } from './order/explore.ts';
import { Rejection } from './rejection.ts';
import type { Report, VerifierStatistics } from './report.ts';
import { analyseStructure, checkStackDepth } from './structure/structure.ts';

/** Would the kernel of `options` load this program? */
export function verify(input: VerifierInput, options: VerifierOptions = {}): Report {
  const env = new Environment(input, options);
  try {
    analyseStructure(env);
    exploreAll(env, options.signal);
    checkStackDepth(env);
    return { accepted: true, statistics: statisticsOf(env), log: '' };
  } catch (error) {
    if (error instanceof Rejection) return refusedReport(env, error);
    if (error instanceof Cancelled) return { accepted: undefined, statistics: statisticsOf(env), log: '' };
    throw error;
  }
}

/** The program, then each global function that it came to (`do_check_main`, `do_check_subprogs`). */
function exploreAll(env: Environment, signal?: AbortSignal): void {
  exploreSubprogram(env, 0, signal);
  const count = env.subprograms.length - 1;
  for (let again = true; again; ) {
    again = false;
    for (let number = 1; number < count; number++) {
      const subprogram = env.subprograms[number]!;
      if (!subprogram.isGlobal || !subprogram.called || subprogram.verified) continue;
      subprogram.verified = true;
      exploreSubprogram(env, number, signal);
      // A function verified may call others that nobody did before.
      again = true;
    }
  }
}

function refusedReport(env: Environment, rejection: Rejection): Report {
  const message = [...env.remarks, rejection.text].join('\n');
  return {
    accepted: rejection.kind === 'unsupported' ? undefined : false,
    refusal: { code: rejection.code, message, slot: env.slot },
    statistics: statisticsOf(env),
    log: '',
  };
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
