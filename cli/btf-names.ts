/** Which types of a table the names of a command line mean. */
import type { Btf } from '../bpf/btf/btf.ts';
import type { BtfKind, TypeId } from '../bpf/btf/type.ts';
import { globMatcher } from '../bpf/glob.ts';
import { nearest } from '../compiler/resolve/suggest.ts';
import { CliError } from './io.ts';

/** What can be named before a name, as in C; a name alone means all of these. */
const KINDS: ReadonlyMap<string, readonly BtfKind[]> = new Map<string, readonly BtfKind[]>([
  ['struct', ['struct']],
  ['union', ['union']],
  ['enum', ['enum', 'enum64']],
  ['typedef', ['typedef']],
  ['func', ['func']],
  ['var', ['var']],
  ['section', ['datasec']],
]);
const ANY: readonly BtfKind[] = ['int', 'float', 'fwd', ...[...KINDS.values()].flat()];

/**
 * Ids for `task_struct`, `struct task_struct`, `task_*`, or a number; all kinds that share a name, ascending within each
 * name.
 * @throws CliError for a name that means nothing, with the nearest that does
 */
export function selectTypes(btf: Btf, names: readonly string[], file: string): readonly TypeId[] {
  const ids = new Set<TypeId>();
  for (const name of joinKinds(names)) for (const id of selectOne(btf, name, file)) ids.add(id);
  return [...ids];
}

/** `struct task_struct` may come as two words. */
function joinKinds(names: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!;
    const next = names[index + 1];
    if (KINDS.has(name) && next !== undefined) {
      joined.push(`${name} ${next}`);
      index++;
    } else {
      joined.push(name);
    }
  }
  return joined;
}

function selectOne(btf: Btf, text: string, file: string): readonly TypeId[] {
  if (/^\d+$/.test(text)) return [checkedId(btf, Number(text), file)];
  const [word = '', ...rest] = text.split(' ');
  // Base types have spaces in their names: `unsigned int`.
  const kinds = rest.length === 0 ? undefined : KINDS.get(word);
  const name = kinds === undefined ? text : rest.join(' ').trim();
  const wanted = kinds ?? ANY;
  const isPattern = /[*?]/.test(name);
  const found = (isPattern ? matching(btf, name) : btf.findAll(name)).filter((id) =>
    wanted.includes(btf.kindOf(id)),
  );
  if (found.length === 0) throw unknown(btf, text, name, wanted, file);
  return withoutDeclared(btf, found);
}

function checkedId(btf: Btf, id: number, file: string): TypeId {
  if (id > 0 && id < btf.end) return id;
  throw new CliError(`'${file}' has no type ${id}: its types are 1 to ${btf.end - 1}`);
}

/** Forward declarations say nothing where there is a definition of that name. */
function withoutDeclared(btf: Btf, ids: readonly TypeId[]): readonly TypeId[] {
  const defined = new Set(ids.filter((id) => btf.kindOf(id) !== 'fwd').map((id) => btf.nameOf(id)));
  return ids.filter((id) => btf.kindOf(id) !== 'fwd' || !defined.has(btf.nameOf(id)));
}

function matching(btf: Btf, pattern: string): readonly TypeId[] {
  const matches = globMatcher(pattern, '*?');
  const ids: TypeId[] = [];
  for (let id = 1; id < btf.end; id++) {
    const name = btf.nameOf(id);
    if (name !== '' && matches(name)) ids.push(id);
  }
  return ids;
}

function unknown(btf: Btf, text: string, name: string, kinds: readonly BtfKind[], file: string): CliError {
  const what = kinds === ANY ? `type, function or variable '${text}'` : text;
  const near = nearest(name, namesOf(btf, kinds));
  const hint = near === undefined ? '' : `; did you mean '${near}'?`;
  return new CliError(`'${file}' has no ${what}${hint}`);
}

function* namesOf(btf: Btf, kinds: readonly BtfKind[]): Generator<string, void, undefined> {
  for (let id = 1; id < btf.end; id++) {
    if (kinds.includes(btf.kindOf(id))) yield btf.nameOf(id);
  }
}
