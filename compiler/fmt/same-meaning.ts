/** Do two trees say the same, whatever their layout? Also their comments and their C text, blanks aside. */
import type { Script } from '../syntax/ast.ts';

/** What differs first, or undefined. */
export function difference(one: Script, other: Script): string | undefined {
  return compare(one, other, 'script');
}

/** Where a piece stands and how it was written says nothing of what it means. */
const LAYOUT = /^(span|operatorSpan|pathSpan)$/;

function compare(one: unknown, other: unknown, path: string): string | undefined {
  if (typeof one === 'string' && typeof other === 'string')
    return squeeze(one) === squeeze(other) ? undefined : path;
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null)
    return one === other ? undefined : path;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  for (const key of keys) {
    if (LAYOUT.test(key)) continue;
    const [left, right] = [(one as never)[key], (other as never)[key]];
    const found = compare(left, right, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Comments and C text over several lines may be set in differently. */
function squeeze(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
