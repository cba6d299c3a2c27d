/** The texts of BTF as a target: whatever opens is written as C, raw, as JSON and as layouts, or told of. */
import { dumpAll, dumpType, layoutText, rawJson, rawText } from '../../bpf/btf/dump/index.ts';
import { readBtf } from '../../bpf/btf/read.ts';
import { btfTarget } from './btf.ts';
import type { BytesTarget } from './bytes.ts';

/** Types written alone, each with a state of its own. */
const ALONE = 20;

export function btfDumpTarget(): BytesTarget {
  return { files: btfTarget().files, read: writeAll };
}

function writeAll(bytes: Uint8Array): 'whole' | 'partial' {
  const btf = readBtf(bytes);
  let problems = 0;
  const report = (): void => {
    problems++;
  };
  let size = 0;
  for (const text of dumpAll(btf, { functions: 'all', variables: true, report })) size += text.length;
  if (size === 0) throw new Error('the header is empty');
  for (let id = 1; id < btf.end; id++) {
    rawText(btf, id);
    JSON.parse(rawJson(btf, id));
    layoutText(btf, id);
    if (id <= ALONE) dumpType(btf, id, { dependencies: id % 2 === 0 });
  }
  return problems === 0 ? 'whole' : 'partial';
}
