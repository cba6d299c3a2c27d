/** A small kernel to compile for: one tracepoint of the scheduler, one of the system calls. */
import { type EventFormat, parseEventFormat } from '../../bpf/event-format.ts';
import type { KernelInfo, KernelReach } from '../../bpf/kernel-info.ts';
import { profileFor } from '../../bpf/profiles/index.ts';
import { type CompileResult, compile } from '../../compiler/compile.ts';
import type { ScriptFiles } from '../../compiler/files.ts';

const COMMON = `format:
	field:unsigned short common_type;	offset:0;	size:2;	signed:0;
	field:unsigned char common_flags;	offset:2;	size:1;	signed:0;
	field:unsigned char common_preempt_count;	offset:3;	size:1;	signed:0;
	field:int common_pid;	offset:4;	size:4;	signed:1;

`;

const SCHED_SWITCH = `name: sched_switch
ID: 316
${COMMON}	field:char prev_comm[16];	offset:8;	size:16;	signed:0;
	field:pid_t prev_pid;	offset:24;	size:4;	signed:1;
	field:int prev_prio;	offset:28;	size:4;	signed:1;
	field:long prev_state;	offset:32;	size:8;	signed:1;
	field:char next_comm[16];	offset:40;	size:16;	signed:0;
	field:pid_t next_pid;	offset:56;	size:4;	signed:1;

print fmt: ""
`;

const SYS_ENTER_OPENAT = `name: sys_enter_openat
ID: 600
${COMMON}	field:int __syscall_nr;	offset:8;	size:4;	signed:1;
	field:int dfd;	offset:16;	size:8;	signed:0;
	field:const char * filename;	offset:24;	size:8;	signed:0;

print fmt: ""
`;

export const FORMATS: readonly EventFormat[] = [
  parseEventFormat(SCHED_SWITCH, { system: 'sched' }),
  parseEventFormat(SYS_ENTER_OPENAT, { system: 'syscalls' }),
];

const EVERYTHING: KernelReach = {
  userMemory: true,
  kernelMemory: true,
  stacks: true,
  wallClock: true,
  processIds: 'always',
  credentials: true,
};

export function testKernel(reach: Partial<KernelReach> = {}): KernelInfo {
  return {
    name: 'the test kernel',
    version: { major: 6, minor: 1, patch: 0 },
    cpus: 2,
    reach: { ...EVERYTHING, ...reach },
    tracepoints: {
      find: (system, event) => FORMATS.find((one) => one.system === system && one.name === event),
      list: () => FORMATS,
    },
  };
}

export interface CompileTextOptions {
  readonly reach?: Partial<KernelReach>;
  readonly params?: readonly string[];
  readonly release?: `${number}.${number}`;
  readonly env?: Readonly<Record<string, string>>;
  readonly pid?: number;
  readonly files?: ScriptFiles;
  /** The path of the script itself. */
  readonly name?: string;
}

export function compileText(text: string, options: CompileTextOptions = {}): CompileResult {
  return compile({
    source: { name: options.name ?? 'stdin', text },
    target: profileFor(options.release ?? '6.1'),
    ...(options.files && { files: options.files }),
    kernel: testKernel(options.reach),
    ...(options.params && { params: options.params }),
    ...(options.env && { env: options.env }),
    ...(options.pid !== undefined && { pid: options.pid }),
  });
}

/** One line for each diagnostic: severity, code, marked text, message, then hints and related places. */
export function describeDiagnostics(text: string, { diagnostics }: CompileResult): string {
  return diagnostics
    .flatMap(({ severity, code, span, message, hints = [], related = [] }) => [
      `${severity} ${code} [${span === undefined ? '' : text.slice(span.start, span.end)}] ${message}`,
      ...related.map((one) => `  [${text.slice(one.span.start, one.span.end)}] ${one.message}`),
      ...hints.map((hint) => `  HINT: ${hint}`),
    ])
    .join('\n');
}
