/** Where bpftrace contradicts itself (section 8 of the inventory), and what is done here. */

interface Decision {
  readonly what: string;
  readonly contradiction: string;
  readonly decision: string;
}

const TABLE: readonly Decision[] = [
  {
    what: '`has_cpid`',
    contradiction: 'its code answers the opposite of its description',
    decision: 'true when there is a child, as described',
  },
  { what: '`lazy_symbolication`', contradiction: 'on in the code, off in the documents', decision: 'on' },
  {
    what: 'text of `stats`',
    contradiction: 'a record in the code, a sentence in the documents',
    decision: 'a record: `{ .count = 3, .average = 2, .total = 6 }`',
  },
  {
    what: '`curtask`',
    contradiction: 'a number in the documents, a typed pointer in the code',
    decision: 'a pointer of the kernel to `struct task_struct`',
  },
  {
    what: 'iterators',
    contradiction: 'three in the documents, all of BTF in the code',
    decision: 'all of BTF',
  },
  {
    what: '`unstable_map_decl` and other old switches',
    contradiction: 'in examples, and deprecated without effect',
    decision: 'accepted with a warning, without effect',
  },
  {
    what: 'calls of macros',
    contradiction: '`greet!()` in a chapter, no such token in the parser',
    decision: '`greet()`',
  },
  {
    what: 'bench output',
    contradiction: 'a boxed table in the documents, columns in the code',
    decision: 'columns',
  },
  {
    what: '`str_concat`',
    contradiction: '1024 bytes whatever `max_strlen` says',
    decision: 'as long as both strings may be',
  },
  {
    what: '`"a" && "b"` of literals',
    contradiction: 'folding looks at the right operand only',
    decision: 'a string is true when it is not empty, folded or not',
  },
  { what: '`0b1`', contradiction: 'converted by one routine, refused by the scanner', decision: 'refused' },
  {
    what: '`%05d` of negative numbers',
    contradiction: 'zeros before the sign',
    decision: 'as bpftrace prints them',
  },
  { what: '`-h`', contradiction: 'hides options that exist', decision: 'every option is shown' },
  {
    what: '`max` of `lhist`',
    contradiction: '64 bits in the program, 32 in the printer',
    decision: 'bounds beyond 32 bits are refused',
  },
];

export const DECISIONS: string = `## Where bpftrace contradicts itself

| place | contradiction | here |
|---|---|---|
${TABLE.map(({ what, contradiction, decision }) => `| ${what} | ${contradiction} | ${decision} |`.replaceAll('&&', '&amp;&amp;').replaceAll('||', '\\|\\|')).join('\n')}
`;
