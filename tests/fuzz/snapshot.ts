/** What mutated snapshots of kernels are read for: every part, each of which may be damaged on its own. */
import { openSnapshot } from '../../runtime/snapshot/index.ts';
import { smallSnapshot } from '../runtime/snapshot/small.ts';
import type { BytesTarget } from './bytes.ts';

export function snapshotTarget(): BytesTarget {
  return { files: [smallSnapshot()], read: readSnapshot };
}

function readSnapshot(bytes: Uint8Array): 'whole' | 'partial' {
  const kernel = openSnapshot(bytes);
  const parts = [
    kernel.tracepoints?.list().length,
    kernel.functions?.list().length,
    kernel.syscalls?.length,
    kernel.rawTracepoints?.list().map((name) => kernel.rawTracepoints?.find(name)?.length).length,
    kernel.moduleBtf?.get('xfs')?.end,
  ];
  const isWhole = kernel.takeWarnings().length === 0 && !parts.includes(undefined);
  return isWhole ? 'whole' : 'partial';
}
