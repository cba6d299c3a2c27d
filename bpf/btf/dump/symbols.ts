/** Functions and variables in C: prototypes and `extern` declarations. */
import type { BtfDataSection, BtfFunction, BtfVariable, TypeId } from '../type.ts';
import type { Definitions } from './definitions.ts';

/** `static int do_open(…);` with the parameters' names; what it needs before it when asked. */
export function functionText(
  definitions: Definitions,
  id: TypeId,
  type: BtfFunction,
  dependencies: boolean,
): string {
  const needs = dependencies ? definitions.needsOf(type.type) : '';
  const linkage = type.linkage === 'global' ? '' : `${type.linkage} `;
  return `${needs}${definitions.guarded(id, () => `${linkage}${definitions.symbol(id, type)}${definitions.tags.attributes(id, -1)};\n\n`)}`;
}

export function variableText(
  definitions: Definitions,
  id: TypeId,
  type: BtfVariable,
  dependencies: boolean,
): string {
  const needs = dependencies ? definitions.needsOf(type.type) : '';
  const linkage = type.linkage === 'static' ? 'static' : 'extern';
  return `${needs}${definitions.guarded(id, () => `${linkage} ${definitions.symbol(id, type)}${definitions.tags.attributes(id, -1)};\n\n`)}`;
}

/** The variables and functions of a section, in the order of their offsets in the table. */
export function sectionText(
  definitions: Definitions,
  section: BtfDataSection,
  dependencies: boolean,
): string {
  const texts = [`/* section ${section.name.replaceAll('*/', '* /')}, ${section.size} bytes */\n\n`];
  for (const { type: id } of section.variables) {
    const type = definitions.btf.type(id);
    if (type.kind === 'var') texts.push(variableText(definitions, id, type, dependencies));
    if (type.kind === 'func') texts.push(functionText(definitions, id, type, dependencies));
  }
  return texts.join('');
}

/** Prototypes as bpftool writes those of kfuncs: weak symbols that the loader resolves in the kernel. */
export function* functionSection(
  definitions: Definitions,
  first: TypeId,
  which: 'kfuncs' | 'all',
): Generator<string, void, undefined> {
  yield START;
  const { btf, tags } = definitions;
  for (let id = first; id < btf.end; id++) {
    if (btf.kindOf(id) !== 'func') continue;
    const type = btf.type(id);
    const names = tags.of(id).map((tag) => tag.name);
    if (type.kind !== 'func' || (which === 'kfuncs' && !names.includes('bpf_kfunc'))) continue;
    const needs = definitions.needsOf(type.type);
    const fast = names.includes('bpf_fastcall') ? '__bpf_fastcall ' : '';
    yield `${needs}${definitions.guarded(id, () => `extern ${fast}${definitions.symbol(id, type)} __weak __ksym;\n`)}`;
  }
  yield END;
}

const START = `#ifndef BPF_NO_KFUNC_PROTOTYPES
#ifndef __ksym
#define __ksym __attribute__((section(".ksyms")))
#endif

#ifndef __weak
#define __weak __attribute__((weak))
#endif

#ifndef __bpf_fastcall
#if __has_attribute(bpf_fastcall)
#define __bpf_fastcall __attribute__((bpf_fastcall))
#else
#define __bpf_fastcall
#endif
#endif

`;

const END = `#endif

`;
