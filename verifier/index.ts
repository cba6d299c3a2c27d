/** `bpfkit/verifier`: will a Linux kernel accept this program, and if not why. */
export {
  type ExplainedOrigin,
  type ExplainedPlace,
  type Explanation,
  explainRefusal,
} from './explain/explain.ts';
export { renderExplanation } from './explain/render.ts';
export {
  type AttachTypeName,
  type KernelConfig,
  PERMISSIVE_CONFIG,
  type VerifierInput,
  type VerifierKernel,
  type VerifierOptions,
} from './input.ts';
export type { VerifierMap } from './map.ts';
export { JUDGED_RELEASES, type MatrixRow, oldestAccepting, RELEASES, verifyMatrix } from './matrix.ts';
export type { Refusal, Report, VerifierStatistics } from './report.ts';
export { verify } from './verify.ts';
