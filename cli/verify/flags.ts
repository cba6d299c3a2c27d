/** What `bpfkit verify` may be told. */
import type { IncludeFlags } from '../script-files.ts';

export interface VerifyFlags extends IncludeFlags {
  readonly e?: string;
  readonly on?: string;
  readonly unsafe?: boolean;
  /** Of an object or a text: programs of these names. */
  readonly program?: readonly string[];
  /** Releases, or `all`. */
  readonly kernel?: string;
  readonly target?: string;
  readonly btf?: string;
  readonly cpus?: string;
  /** What this build of the kernel grants beyond the certain. */
  readonly grants?: string;
  readonly unprivileged?: boolean;
  readonly batch?: string;
  readonly json?: boolean;
  /** Ask the running kernel instead, or too. */
  readonly linux?: boolean;
  readonly compare?: boolean;
  readonly logLevel?: string;
  readonly states?: boolean;
  readonly stats?: boolean;
}
