/** Small recordings of tracers that the committed ones lack; trace-cmd reads them too (tests/linux/report). */
import { writeFile } from '../recording/files.ts';
import { type Event, formatText, type Page, record, USUAL_SHAPE } from '../recording/writer.ts';

const FUNCTION_FIELDS =
  '\tfield:unsigned long ip;\toffset:8;\tsize:8;\tsigned:0;\n\tfield:unsigned long parent_ip;\toffset:16;\tsize:8;\tsigned:0;\n';
const ENTRY_FIELDS =
  '\tfield:unsigned long func;\toffset:8;\tsize:8;\tsigned:0;\n\tfield:int depth;\toffset:16;\tsize:4;\tsigned:1;\n';
const EXIT_FIELDS = `${ENTRY_FIELDS}\tfield:unsigned int overrun;\toffset:20;\tsize:4;\tsigned:0;\n\tfield:unsigned long long calltime;\toffset:24;\tsize:8;\tsigned:0;\n\tfield:unsigned long long rettime;\toffset:32;\tsize:8;\tsigned:0;\n`;
const BPRINT_FIELDS =
  '\tfield:unsigned long ip;\toffset:8;\tsize:8;\tsigned:0;\n\tfield:const char * fmt;\toffset:16;\tsize:8;\tsigned:0;\n\tfield:u32 buf[];\toffset:24;\tsize:0;\tsigned:0;\n';

const CODE = 0xffff_ffff_8100_0000n;
const KALLSYMS =
  'ffffffff81000000 T one\nffffffff81000000 T alias\nffffffff81000100 T two\nffffffff81000200 t three\nffffffff81000300 t four\n';

/** A record of 64-bit words behind the common fields. */
function words(id: number, tid: number, ...values: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(8 + values.length * 8);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, id, true);
  view.setInt32(4, tid, true);
  values.forEach((value, index) => {
    view.setBigUint64(8 + index * 8, value, true);
  });
  return bytes;
}

function written(
  formats: readonly string[],
  records: readonly Uint8Array[],
  extra: { readonly names?: readonly string[]; readonly printk?: string } = {},
): Uint8Array {
  const events: Event[] = records.map((bytes) => ({ delta: 1000, record: bytes }));
  const page: Page = { time: 1_000_000_000n, events };
  const buffers = (extra.names ?? ['']).map((name) => ({ name, cpus: [[page]] }));
  const printk = extra.printk ?? '';
  return writeFile({ formats: { ftrace: formats }, kallsyms: KALLSYMS, printk, buffers }, USUAL_SHAPE);
}

export function functionFile(): Uint8Array {
  return written(
    [formatText('function', 7, FUNCTION_FIELDS)],
    [words(7, 10, CODE, CODE + 0x100n), words(7, 10, CODE + 0x204n, CODE), words(7, 10, 5n, CODE + 0x200n)],
  );
}

export function graphFile(): Uint8Array {
  const formats = [
    formatText('funcgraph_entry', 7, ENTRY_FIELDS),
    formatText('funcgraph_exit', 8, EXIT_FIELDS),
  ];
  return written(formats, [
    words(7, 10, CODE, 0n),
    words(7, 10, CODE + 0x100n, 1n),
    words(8, 10, CODE + 0x100n, 1n, 1000n, 2500n),
    words(8, 10, CODE, 0n, 900n, 20_900n),
    words(7, 10, 0x10n, 0n),
  ]);
}

export function printkFile(): Uint8Array {
  const buffer = new Uint8Array([
    ...words(7, 10, CODE + 4n, 0xf00n),
    7,
    0,
    0,
    0,
    0x68,
    0x69,
    0,
    0,
    255,
    0,
    0,
    0,
  ]);
  return written([formatText('bprint', 7, BPRINT_FIELDS)], [buffer, words(7, 10, CODE, 0xbadn)], {
    printk: '0xf00 : "n=%d s=%s x=%04x\\n"\n',
  });
}

export function instancesFile(): Uint8Array {
  const formats = [formatText('tick', 7, '\tfield:int value;\toffset:8;\tsize:4;\tsigned:1;\n')];
  return written(formats, [record(USUAL_SHAPE, 10, 5)], { names: ['', 'extra'] });
}
