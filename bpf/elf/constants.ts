/** The numbers of ELF that readers and writers here need: `elf.h` names, the group's prefix before the dot. */

/** Index of fields of `e_ident`. */
export const EI = { CLASS: 4, DATA: 5, VERSION: 6, OSABI: 7, NIDENT: 16 } as const;

export const ELFCLASS = { 32: 1, 64: 2 } as const;

export const ELFDATA = { LSB: 1, MSB: 2 } as const;

/** File types (`e_type`). */
export const ET = { NONE: 0, REL: 1, EXEC: 2, DYN: 3, CORE: 4 } as const;

/** Machines (`e_machine`). */
export const EM = {
  NONE: 0,
  386: 3,
  MIPS: 8,
  PPC: 20,
  PPC64: 21,
  S390: 22,
  ARM: 40,
  X86_64: 62,
  AARCH64: 183,
  RISCV: 243,
  BPF: 247,
  LOONGARCH: 258,
} as const;

/** Section types. */
export const SHT = {
  NULL: 0,
  PROGBITS: 1,
  SYMTAB: 2,
  STRTAB: 3,
  RELA: 4,
  HASH: 5,
  DYNAMIC: 6,
  NOTE: 7,
  NOBITS: 8,
  REL: 9,
  DYNSYM: 11,
  INIT_ARRAY: 14,
  FINI_ARRAY: 15,
  PREINIT_ARRAY: 16,
  GROUP: 17,
  SYMTAB_SHNDX: 18,
  LLVM_ADDRSIG: 0x6fff_4c03,
  GNU_HASH: 0x6fff_fff6,
} as const;

/** Section flags. */
export const SHF = {
  WRITE: 0x1,
  ALLOC: 0x2,
  EXECINSTR: 0x4,
  MERGE: 0x10,
  STRINGS: 0x20,
  INFO_LINK: 0x40,
  LINK_ORDER: 0x80,
  GROUP: 0x200,
  TLS: 0x400,
  COMPRESSED: 0x800,
  EXCLUDE: 0x8000_0000,
} as const;

/** Section indexes with a meaning of their own. */
export const SHN = { UNDEF: 0, LORESERVE: 0xff00, ABS: 0xfff1, COMMON: 0xfff2, XINDEX: 0xffff } as const;

/** Symbol types. */
export const STT = {
  NOTYPE: 0,
  OBJECT: 1,
  FUNC: 2,
  SECTION: 3,
  FILE: 4,
  COMMON: 5,
  TLS: 6,
  GNU_IFUNC: 10,
} as const;

/** Symbol bindings. */
export const STB = { LOCAL: 0, GLOBAL: 1, WEAK: 2, GNU_UNIQUE: 10 } as const;

/** Symbol visibilities. */
export const STV = { DEFAULT: 0, INTERNAL: 1, HIDDEN: 2, PROTECTED: 3 } as const;

/** Segment types. */
export const PT = {
  NULL: 0,
  LOAD: 1,
  DYNAMIC: 2,
  INTERP: 3,
  NOTE: 4,
  PHDR: 6,
  TLS: 7,
  GNU_EH_FRAME: 0x6474_e550,
  GNU_STACK: 0x6474_e551,
  GNU_RELRO: 0x6474_e552,
  GNU_PROPERTY: 0x6474_e553,
} as const;

/** Segment flags. */
export const PF = { X: 1, W: 2, R: 4 } as const;

/** `e_phnum` when the real number is in section 0's `info`. */
export const PN_XNUM = 0xffff;

/** Note types of owner `GNU`. */
export const NT_GNU = { ABI_TAG: 1, BUILD_ID: 3, PROPERTY_TYPE_0: 5 } as const;

/** Compression of a section with `SHF.COMPRESSED`. */
export const ELFCOMPRESS = { ZLIB: 1, ZSTD: 2 } as const;

/** Relocations of BPF objects (kernel `Documentation/bpf/llvm_reloc.rst`). */
export const R_BPF = {
  NONE: 0,
  /** The two immediates of a `lddw`. */
  '64_64': 1,
  /** 64 bits of data. */
  '64_ABS64': 2,
  /** 32 bits of data. */
  '64_ABS32': 3,
  /** 32 bits of `.BTF`, `.BTF.ext` and `.eh_frame`; nobody applies it. */
  '64_NODYLD32': 4,
  /** The immediate of a call. */
  '64_32': 10,
} as const;
