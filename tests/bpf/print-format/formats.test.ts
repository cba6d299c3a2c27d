/** Every print format of Linux 6.1 is understood, but for those that call functions of the kernel. */
import { expect, it } from 'vitest';
import { parsePrintFormat } from '../../../bpf/print-format/parse.ts';
import { readData } from '../../runtime/recording/recordings.ts';
import { parseAll, splitFormats } from '../../runtime/report/synthetic.ts';

/** By the function they call: what it prints is not in the format. */
const NEED_THE_KERNEL: Readonly<Record<string, readonly string[]>> = {
  mc_event_error_type: ['mc_event'],
  nvme_trace_disk_name: ['nvme_setup_cmd', 'nvme_complete_rq', 'nvme_sq'],
  decode_prq_descriptor: ['prq_report'],
  pte_val: ['xen_mmu_set_pte', 'xen_mmu_ptep_modify_prot_start', 'xen_mmu_ptep_modify_prot_commit'],
  pmd_val: ['xen_mmu_set_pmd'],
  pud_val: ['xen_mmu_set_pud'],
  pgd_val: ['xen_mmu_set_p4d'],
};

it('parses 1,379 of 1,390 formats', () => {
  const formats = parseAll(splitFormats(new TextDecoder().decode(readData('formats-6.1.txt.gz'))));
  const refused: Record<string, string[]> = {};
  for (const format of formats) {
    const { problem } = parsePrintFormat(format);
    if (problem === undefined) continue;
    const name = /^'(\w+)' is a function of the kernel/.exec(problem.message)?.[1] ?? problem.message;
    refused[name] ??= [];
    refused[name].push(format.name);
  }
  expect(formats).toHaveLength(1390);
  expect(refused).toEqual(NEED_THE_KERNEL);
});
