/** What attach points become: one {@link ResolvedPoint} each, and what resolving them asks for. */
import type { AttachPoint } from '../../bpf/attach-point.ts';
import type { DiagnosticSink } from '../../bpf/diagnostic.ts';
import type { EventFormat } from '../../bpf/event-format.ts';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import type { TargetProfile } from '../../bpf/profiles/index.ts';
import type { AttachPointPart, AttachPointSyntax } from '../syntax/ast.ts';
import type { Settings } from './config.ts';
import type { ProbeArguments } from './probe-arguments.ts';

/** One point, with what `probe` prints and the data its events have. */
export interface ResolvedPoint {
  readonly point: AttachPoint;
  readonly name: string;
  /** The record's layout, of points that have records. */
  readonly format?: EventFormat;
  /** Absent where events have no data of their own. */
  readonly args?: ProbeArguments;
  readonly syntax: AttachPointSyntax;
  /** Taken as being there: what it asks of its event has no known type, and nothing of it is generated. */
  readonly unknown?: true;
}

export interface AttachContext {
  readonly kernel: KernelInfo;
  readonly target: TargetProfile;
  readonly settings: Settings;
  readonly unsafe: boolean;
  /** The `-p` filter: names the process whose programs are meant. */
  readonly pid?: number;
  readonly sink: DiagnosticSink;
}

/** An attach point's text behind the provider. */
export interface PointRequest {
  readonly syntax: AttachPointSyntax;
  /** The provider's full name. */
  readonly provider: string;
  /** What follows the provider, without wildcards in the provider's place filled in. */
  readonly parts: readonly AttachPointPart[];
}

/** Text of a part, or empty. */
export function partText({ parts }: PointRequest, index: number): string {
  return parts[index]?.text ?? '';
}
