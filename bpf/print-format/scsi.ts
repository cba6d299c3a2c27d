/** SCSI commands in words, as the kernel's `scsi_trace_parse_cdb` prints them (SBC-3: where block address and length are). */

/** What a command's block begins with, and how its numbers are laid out. */
type Layout = 'rw6' | 'rw10' | 'rw12' | 'rw16' | 'unmap' | 'service-in' | 'variable';

const LAYOUTS: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [0x08, 'rw6'],
  [0x0a, 'rw6'],
  [0x28, 'rw10'],
  [0x2a, 'rw10'],
  [0x2f, 'rw10'],
  [0x41, 'rw10'],
  [0xa8, 'rw12'],
  [0xaa, 'rw12'],
  [0xaf, 'rw12'],
  [0x88, 'rw16'],
  [0x8a, 'rw16'],
  [0x8f, 'rw16'],
  [0x93, 'rw16'],
  [0x42, 'unmap'],
  [0x9e, 'service-in'],
  [0x7f, 'variable'],
]);

const WRITE_SAME_10 = 0x41;
const WRITE_SAME_16 = 0x93;
const WRITE_SAME_32 = 0x0d;

/** `-` for commands that have nothing to tell. Bytes that a short command lacks count as 0. */
export function scsiCommandText(command: Uint8Array): string {
  switch (LAYOUTS.get(command[0] ?? -1)) {
    case 'rw6':
      return `lba=${bytesAt(command, 1, 3) & 0x1f_ffffn} txlen=${bytesAt(command, 4, 1)}`;
    case 'rw10':
      return (
        addressed(command, bytesAt(command, 2, 4), bytesAt(command, 7, 2)) + unmap(command, WRITE_SAME_10)
      );
    case 'rw12':
      return addressed(command, bytesAt(command, 2, 4), bytesAt(command, 6, 4));
    case 'rw16':
      return (
        addressed(command, bytesAt(command, 2, 8), bytesAt(command, 10, 4)) + unmap(command, WRITE_SAME_16)
      );
    case 'unmap':
      return `regions=${BigInt.asUintN(32, bytesAt(command, 7, 2) - 8n) / 16n}`;
    case 'service-in':
      return serviceActionText(command);
    case 'variable':
      return variableText(command);
    default:
      return '-';
  }
}

function bytesAt(command: Uint8Array, at: number, count: number): bigint {
  let value = 0n;
  for (let index = at; index < at + count; index++) value = (value << 8n) | BigInt(command[index] ?? 0);
  return value;
}

function addressed(command: Uint8Array, address: bigint, length: bigint): string {
  return `lba=${address} txlen=${length} protect=${(command[1] ?? 0) >> 5}`;
}

function unmap(command: Uint8Array, opcode: number): string {
  return command[0] === opcode ? ` unmap=${((command[1] ?? 0) >> 3) & 1}` : '';
}

const SERVICE_ACTIONS: ReadonlyMap<number, string> = new Map([
  [0x10, 'READ_CAPACITY_16'],
  [0x12, 'GET_LBA_STATUS'],
]);

function serviceActionText(command: Uint8Array): string {
  const name = SERVICE_ACTIONS.get((command[1] ?? 0) & 0x1f);
  if (name === undefined) return 'UNKNOWN';
  return `${name} lba=${bytesAt(command, 2, 8)} alloc_len=${bytesAt(command, 10, 4)}`;
}

const VARIABLE_COMMANDS: ReadonlyMap<number, string> = new Map([
  [0x09, 'READ'],
  [0x0a, 'VERIFY'],
  [0x0b, 'WRITE'],
  [WRITE_SAME_32, 'WRITE_SAME'],
]);

function variableText(command: Uint8Array): string {
  const action = Number(bytesAt(command, 8, 2));
  const name = VARIABLE_COMMANDS.get(action);
  if (name === undefined) return '-';
  const flags = command[10] ?? 0;
  const address = `lba=${bytesAt(command, 12, 8)} txlen=${bytesAt(command, 28, 4)} protect=${flags >> 5}`;
  const text = `${name}_32 ${address} ei_lbrt=${bytesAt(command, 20, 4)}`;
  return action === WRITE_SAME_32 ? `${text} unmap=${(flags >> 3) & 1}` : text;
}
