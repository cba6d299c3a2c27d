/** Files that the target of a `uprobe` or `usdt` point means. */
import type { UserBinary } from '../../../bpf/elf/user/index.ts';
import { binariesUnknown, noBinary, noTarget } from '../../diagnostics/messages.gen.ts';
import type { AttachPointPart } from '../../syntax/ast.ts';
import { missing } from '../missing.ts';
import type { AttachContext, PointRequest } from '../point.ts';
import { hasWildcard } from '../wildcard.ts';

export interface Target {
  readonly path: string;
  readonly binary: UserBinary;
}

/** `target`: absent or `*` means what the process of `-p` runs. */
export function findTargets(
  provider: string,
  target: AttachPointPart | undefined,
  { syntax }: PointRequest,
  context: AttachContext,
): readonly Target[] {
  const { kernel, pid, sink } = context;
  const { binaries } = kernel;
  if (binaries === undefined) {
    sink.report(binariesUnknown(syntax.span, { provider }));
    return [];
  }
  const all = target === undefined || target.text === '*';
  if (all && pid === undefined) {
    sink.report(noTarget(target?.span ?? syntax.span, { provider }));
    return [];
  }
  const paths = all ? binaries.ofProcess(pid!) : binaries.resolve(target.text);
  const found = paths.flatMap((path): readonly Target[] => {
    const binary = binaries.open(path);
    return binary === undefined ? [] : [{ path, binary }];
  });
  if (found.length === 0) {
    const wild = target !== undefined && hasWildcard(target.text);
    const text = target?.text ?? `process ${pid}`;
    missing(
      syntax,
      context,
      wild ? undefined : () => noBinary(target?.span ?? syntax.span, { provider, target: text }),
    );
  }
  return found;
}
