/** SCSI commands in words, by the layouts of SBC-3. */
import { expect, it } from 'vitest';
import { compilePrintFormat } from '../../../bpf/print-format/compile.ts';
import { BARE_ENVIRONMENT } from '../../../bpf/print-format/environment.ts';
import { scsiCommandText } from '../../../bpf/print-format/scsi.ts';
import { EIGHT_ZEROS, formatOf, little, recordOf } from './support.ts';

const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(hex.split(' '), (byte) => Number.parseInt(byte, 16));

it.each([
  ['28 00 00 00 10 00 00 00 08 00', 'lba=4096 txlen=8 protect=0'],
  ['08 01 02 03 04 00', 'lba=66051 txlen=4'],
  ['aa 20 00 00 00 01 00 00 00 02 00 00', 'lba=1 txlen=2 protect=1'],
  ['8a 00 00 00 00 01 00 00 00 00 00 00 01 00 00 00', 'lba=4294967296 txlen=256 protect=0'],
  ['93 08 00 00 00 00 00 00 00 05 00 00 00 01 00 00', 'lba=5 txlen=1 protect=0 unmap=1'],
  ['42 00 00 00 00 00 00 00 18 00', 'regions=1'],
  ['9e 10 00 00 00 00 00 00 00 00 00 00 00 20 00 00', 'READ_CAPACITY_16 lba=0 alloc_len=32'],
  ['9e 01', 'UNKNOWN'],
  [
    '7f 00 00 00 00 00 00 18 00 09 20 00 00 00 00 00 00 00 00 07 00 00 00 09 00 00 00 00 00 00 00 03',
    'READ_32 lba=7 txlen=3 protect=1 ei_lbrt=9',
  ],
  ['00 00 00 00 00 00', '-'],
  ['28', 'lba=0 txlen=0 protect=0'],
])('%s is %s', (command, text) => {
  expect(scsiCommandText(bytes(command))).toBe(text);
});

it('is called with the sequence, the command and its length', () => {
  const call = 'scsi_trace_parse_cdb(p, __get_dynamic_array(cmnd), REC->cmd_len)';
  const event = formatOf(
    [
      ['__data_loc unsigned char[] cmnd', 8, 4],
      ['unsigned int cmd_len', 12, 4],
    ],
    `"(%s)", ${call}`,
  );
  const record = recordOf([
    ...EIGHT_ZEROS,
    ...little(0x6_0010, 4),
    ...little(6, 4),
    ...bytes('0a 00 00 05 01 00'),
  ]);
  expect(compilePrintFormat(event, BARE_ENVIRONMENT).text(record)).toBe('(lba=5 txlen=1)');
});
