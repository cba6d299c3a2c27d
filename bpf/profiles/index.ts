/**
 * Target profiles: the oldest kernel a program must serve, and what that kernel has. Compiler, verifier and command
 * line ask here; the answer is about upstream releases, a distribution's kernel may have more.
 */
import { type HelperName, helper } from '../helpers/index.ts';
import type { KernelVersion } from '../kernel-info.ts';
import { isAtLeast, type KernelRelease } from '../kernel-release.ts';
import { type MapTypeName, mapType } from '../maps.ts';
import { type InstructionSetLevel, type OpName, opcodeOf } from '../opcodes.ts';
import { type ProgramTypeName, programType } from '../programs.ts';
import { FEATURE_ROWS } from './features.ts';
import { type KernelLimits, limitsOf } from './limits.ts';

export type { KernelLimits } from './limits.ts';
export { limitsOf } from './limits.ts';

/** Something a kernel has or has not. */
export type Feature = keyof typeof FEATURE_ROWS;

export interface FeatureInfo {
  readonly since: KernelRelease;
  /** What it is, in a few words. */
  readonly doc: string;
}

/** Every feature of the table. */
export const FEATURES: Readonly<Record<Feature, FeatureInfo>> = FEATURE_ROWS;

export interface TargetProfile {
  readonly release: KernelRelease;
  /** Highest instruction set it accepts in full. */
  readonly level: InstructionSetLevel;
  readonly limits: KernelLimits;
}

/** The newest release the tables know in full. */
export const NEWEST_RELEASE: KernelRelease = '6.18';

/** Profile of a release; of the newest one known when it is not given. */
export function profileFor(version: KernelVersion | KernelRelease = NEWEST_RELEASE): TargetProfile {
  const release: KernelRelease = typeof version === 'string' ? version : `${version.major}.${version.minor}`;
  return { release, level: levelOf(release), limits: limitsOf(release) };
}

/** True when every upstream kernel from this one on has the feature. */
export function supports(profile: TargetProfile, feature: Feature): boolean {
  return isAtLeast(profile.release, FEATURES[feature].since);
}

/** True when the kernel knows the instruction. `call` counts by its oldest kind: see `bpf_to_bpf_calls` and `kfuncs`. */
export function supportsOp(profile: TargetProfile, op: OpName): boolean {
  const { since } = opcodeOf(op);
  return since !== null && isAtLeast(profile.release, since);
}

/** True when the kernel has the helper for some program type; `helperGrant` tells of one type. */
export function supportsHelper(profile: TargetProfile, name: HelperName): boolean {
  return isAtLeast(profile.release, helper(name).since);
}

/** True when the kernel has the map type. */
export function supportsMapType(profile: TargetProfile, name: MapTypeName): boolean {
  return isAtLeast(profile.release, mapType(name).since);
}

/** True when the kernel has the program type. */
export function supportsProgramType(profile: TargetProfile, name: ProgramTypeName): boolean {
  return isAtLeast(profile.release, programType(name).since);
}

function levelOf(release: KernelRelease): InstructionSetLevel {
  if (isAtLeast(release, FEATURES.instruction_set_v4.since)) return 4;
  // Level 3 is jmp32; the fetching atomics came later and are asked for by name.
  if (isAtLeast(release, FEATURES.jmp32.since)) return 3;
  return isAtLeast(release, FEATURES.jlt.since) ? 2 : 1;
}
