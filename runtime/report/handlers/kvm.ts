/** Virtual machines: exits with their reason by name, entries, emulated instructions, shadow pages. */
import { inPlace } from '../../../bpf/print-format/record.ts';
import { hexText } from '../../../bpf/print-format/texts.ts';
import { type EventText, fieldOf, type HandlerTools, numberReader, numberReaders } from './handler.ts';
import { exitReasonText } from './kvm-exit-reasons.ts';

const VMX = 1n;

export function kvmExit(tools: HandlerTools): EventText {
  const numbers = numberReaders(tools.event, ['exit_reason', 'guest_rip']);
  if (numbers === undefined) return tools.pretty;
  const isa = numberReader(tools.event, 'isa');
  const info = numberReaders(tools.event, ['info1', 'info2']);
  return (record) => {
    const reason = exitReasonText(isa?.(record) ?? VMX, numbers.exit_reason(record));
    const details =
      info === undefined ? '' : ` info ${info.info1(record).toString(16)} ${info.info2(record).toString(16)}`;
    return `${reason} rip 0x${numbers.guest_rip(record).toString(16)}${details}`;
  };
}

export function kvmEntry(tools: HandlerTools): EventText {
  const numbers = numberReaders(tools.event, ['vcpu_id', 'rip']);
  if (numbers === undefined) return tools.pretty;
  return (record) => {
    const cpu = BigInt.asUintN(32, numbers.vcpu_id(record));
    return ` vcpu ${cpu} rip 0x${numbers.rip(record).toString(16)}`;
  };
}

export function kvmNestedInject(tools: HandlerTools): EventText {
  const names = ['exit_code', 'exit_info1', 'exit_info2', 'exit_int_info', 'exit_int_info_err'] as const;
  const numbers = numberReaders(tools.event, names);
  if (numbers === undefined) return tools.pretty;
  const isa = numberReader(tools.event, 'isa');
  return (record) => {
    const hex = (name: (typeof names)[number]): string => numbers[name](record).toString(16);
    const reason = exitReasonText(isa?.(record) ?? VMX, numbers.exit_code(record));
    const interrupt = `int_info ${hex('exit_int_info')} int_info_err ${hex('exit_int_info_err')}`;
    return `${reason} info1 ${hex('exit_info1')} info2 ${hex('exit_info2')} ${interrupt}`;
  };
}

export function kvmNestedExit(tools: HandlerTools): EventText {
  const numbers = numberReaders(tools.event, ['rip']);
  if (numbers === undefined) return tools.pretty;
  const inject = kvmNestedInject(tools);
  return (record) => ` rip ${numbers.rip(record).toString(16)}${inject(record)}`;
}

/** The instruction's bytes as they are: a disassembler is no part of this. */
export function kvmEmulate(tools: HandlerTools): EventText {
  const numbers = numberReaders(tools.event, ['rip', 'csbase', 'len', 'failed']);
  const insn = fieldOf(tools.event, 'insn');
  if (numbers === undefined || insn === undefined) return tools.pretty;
  return (record) => {
    const { start, length } = inPlace(record, insn);
    const bytes = hexText(record, start, Math.min(Number(numbers.len(record)), length), ' ');
    const place = `${numbers.csbase(record).toString(16)}:${numbers.rip(record).toString(16)}`;
    return `${place}: ${bytes}${numbers.failed(record) === 0n ? '' : ' FAIL'}`;
  };
}

const ACCESS: readonly string[] = ['---', '--x', 'w--', 'w-x', '-u-', '-ux', 'wu-', 'wux'];

/** `union kvm_mmu_page_role` in the bits that trace-cmd knows. */
export function kvmPageRole(tools: HandlerTools): EventText {
  const numbers = numberReaders(tools.event, ['role', 'root_count', 'unsync']);
  if (numbers === undefined) return tools.pretty;
  return (record) => {
    const role = Number(BigInt.asUintN(32, numbers.role(record)));
    const bit = (at: number): boolean => ((role >>> at) & 1) !== 0;
    const flag = (at: number, name: string): string => (bit(at) ? ` ${name}` : '');
    const not = (at: number, name: string): string => `${bit(at) ? '' : '!'}${name}`;
    const start = `${role & 15} q${(role >>> 5) & 3}${flag(7, 'direct')}`;
    const access = `${ACCESS[(role >>> 8) & 7]}${flag(11, 'invalid')}`;
    const modes = `${not(4, 'pae')} ${not(12, 'nxe')} ${not(13, 'wp')}${flag(14, 'smep')}${flag(15, 'smap')}`;
    const smm = role >>> 24 === 0 ? '' : ' smm';
    const root = BigInt.asUintN(32, numbers.root_count(record));
    const sync = numbers.unsync(record) === 0n ? 'sync' : 'unsync';
    return `${start} ${access} ${modes}${smm} root ${root} ${sync}`;
  };
}

export function kvmGetPage(tools: HandlerTools): EventText {
  const numbers = numberReaders(tools.event, ['created', 'gfn']);
  if (numbers === undefined) return tools.pretty;
  const role = kvmPageRole(tools);
  return (record) => {
    const age = numbers.created(record) === 0n ? 'existing' : 'new';
    return `${age} sp gfn ${numbers.gfn(record).toString(16)} ${role(record)}`;
  };
}
