/** Formats of events that modules have and the committed recordings lack, as their handlers need them. */
import type { FormatTexts } from './synthetic.ts';

type Field = readonly [declaration: string, size: number];

const COMMON = `	field:unsigned short common_type;	offset:0;	size:2;	signed:0;
	field:unsigned char common_flags;	offset:2;	size:1;	signed:0;
	field:unsigned char common_preempt_count;	offset:3;	size:1;	signed:0;
	field:int common_pid;	offset:4;	size:4;	signed:1;
`;

function format(name: string, id: number, fields: readonly Field[]): string {
  let offset = 8;
  const lines = fields.map(([declaration, size]) => {
    offset = Math.ceil(offset / size) * size;
    const line = `\tfield:${declaration};\toffset:${offset};\tsize:${size};\tsigned:0;`;
    offset += size;
    return line;
  });
  return `name: ${name}\nID: ${id}\nformat:\n${COMMON}\n${lines.join('\n')}\n\nprint fmt: "%s", "none"\n`;
}

const number = (name: string, size: number): Field => [`u${size * 8} ${name}`, size];

const EXIT = [
  number('exit_reason', 4),
  number('guest_rip', 8),
  number('isa', 4),
  number('info1', 8),
  number('info2', 8),
];
const NESTED = [
  number('rip', 8),
  number('exit_code', 4),
  number('exit_info1', 8),
  number('exit_info2', 8),
  number('exit_int_info', 4),
  number('exit_int_info_err', 4),
  number('isa', 4),
];
const PAGE = [
  number('gfn', 8),
  number('role', 4),
  number('root_count', 4),
  number('unsync', 1),
  number('created', 1),
];

export const PLUGIN_FORMATS: FormatTexts = {
  kvm: [
    format('kvm_exit', 900, EXIT),
    format('kvm_entry', 901, [number('vcpu_id', 4), number('rip', 8)]),
    format('kvm_nested_vmexit', 902, NESTED),
    format('kvm_nested_vmexit_inject', 903, NESTED.slice(1)),
  ],
  kvmmmu: [format('kvm_mmu_get_page', 910, PAGE), format('kvm_mmu_sync_page', 911, PAGE)],
};
