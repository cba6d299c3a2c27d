/*
 * A lean interpreter in C, the peer of our interpreters: how fast can an interpreter be. Threaded code, 16 bytes an
 * instruction, everything decided when the program is loaded; no checks, no instruction budget. The protocol is in
 * runner.h.
 */
#include "runner.h"
#include "interpreter-maps.h"

#define FRAME 512
#define MAX_FRAMES 8
#define MAX_LOOPS (1 << 23)

/* A wide load is two: the second one's `go` is the number. Jumps count from the next one. */
struct op { const void *go; int32_t imm; int16_t off; uint8_t dst, src; };
struct frame { const struct op *back; uint64_t saved[4], loops; };

static struct op *program;
static unsigned char stack[FRAME * (MAX_FRAMES + 1)] __attribute__((aligned(16)));
static unsigned char *memory;
static uint64_t pointers[2], context;

/* Labels by opcode; what depends on more fields comes behind them. */
enum {
  SDIV64K = 256, SDIV64X, SMOD64K, SMOD64X, SDIV32K, SDIV32X, SMOD32K, SMOD32X,
  MOVSX8, MOVSX16, MOVSX32, MOVSX8W, MOVSX16W, BE16, BE32, BE64, LE16, LE32, LE64, CALL, LOOP,
  ADD32M, OR32M, AND32M, XOR32M, FADD32, FOR32, FAND32, FXOR32, XCHG32, CMPXCHG32,
  ADD64M, OR64M, AND64M, XOR64M, FADD64, FOR64, FAND64, FXOR64, XCHG64, CMPXCHG64, LABELS
};

#define D r[pc->dst]
#define S r[pc->src]
#define K ((uint64_t)(int64_t)pc->imm)
#define NEXT do { pc++; goto *pc->go; } while (0)
#define JUMP(by) do { pc += 1 + (by); goto *pc->go; } while (0)
#define AT(type, base) (*(type *)((base) + (int64_t)pc->off))

#define ALU(code, name, expr64, expr32) \
  name##64k: { uint64_t a = D, b = K; D = (expr64); NEXT; } \
  name##64x: { uint64_t a = D, b = S; D = (expr64); NEXT; } \
  name##32k: { uint32_t a = D, b = pc->imm; D = (uint32_t)(expr32); NEXT; } \
  name##32x: { uint32_t a = D, b = S; D = (uint32_t)(expr32); NEXT; }
#define CONDITION(name, expr64, expr32) \
  name##64k: { uint64_t a = D, b = K; if (expr64) JUMP(pc->off); NEXT; } \
  name##64x: { uint64_t a = D, b = S; if (expr64) JUMP(pc->off); NEXT; } \
  name##32k: { uint32_t a = D, b = pc->imm; if (expr32) JUMP(pc->off); NEXT; } \
  name##32x: { uint32_t a = D, b = S; if (expr32) JUMP(pc->off); NEXT; }
#define MEMORY(name, type) \
  ldx##name: D = AT(type, S); NEXT; \
  st##name: AT(type, D) = pc->imm; NEXT; \
  stx##name: AT(type, D) = S; NEXT;
#define ATOMIC(name, type, sign) \
  name##m: AT(type, D) = AT(type, D) sign (type)S; NEXT; \
  f##name: { type old = AT(type, D); AT(type, D) = old sign (type)S; S = old; NEXT; }
#define ROW(code, name) [code | 7] = &&name##64k, [code | 15] = &&name##64x, [code | 4] = &&name##32k, [code | 12] = &&name##32x
#define JROW(code, name) [code | 5] = &&name##64k, [code | 13] = &&name##64x, [code | 6] = &&name##32k, [code | 14] = &&name##32x

/* Runs from `pc`; with NULL it returns its labels. */
static uint64_t interpret(const struct op *pc, uint64_t *r) {
  static const void *const labels[LABELS] = {
    ROW(0x00, add), ROW(0x10, sub), ROW(0x20, mul), ROW(0x30, div), ROW(0x40, or), ROW(0x50, and), ROW(0x60, lsh),
    ROW(0x70, rsh), ROW(0x90, mod), ROW(0xa0, xor), ROW(0xb0, mov), ROW(0xc0, arsh),
    [0x87] = &&neg64, [0x84] = &&neg32,
    JROW(0x10, jeq), JROW(0x20, jgt), JROW(0x30, jge), JROW(0x40, jset), JROW(0x50, jne), JROW(0x60, jsgt),
    JROW(0x70, jsge), JROW(0xa0, jlt), JROW(0xb0, jle), JROW(0xc0, jslt), JROW(0xd0, jsle),
    [0x05] = &&ja, [0x06] = &&ja32, [0xe5] = &&may_goto, [0x85] = &&call_helper, [0x95] = &&leave, [0x18] = &&lddw,
    [0x71] = &&ldx8, [0x69] = &&ldx16, [0x61] = &&ldx32, [0x79] = &&ldx64, [0x91] = &&ldsx8, [0x89] = &&ldsx16, [0x81] = &&ldsx32,
    [0x72] = &&st8, [0x6a] = &&st16, [0x62] = &&st32, [0x7a] = &&st64, [0x73] = &&stx8, [0x6b] = &&stx16, [0x63] = &&stx32, [0x7b] = &&stx64,
    [SDIV64K] = &&sdiv64k, &&sdiv64x, &&smod64k, &&smod64x, &&sdiv32k, &&sdiv32x, &&smod32k, &&smod32x,
    &&movsx8, &&movsx16, &&movsx32, &&movsx8w, &&movsx16w, &&be16, &&be32, &&be64, &&le16, &&le32, &&le64, &&enter, &&loop,
    &&add32m, &&or32m, &&and32m, &&xor32m, &&fadd32, &&for32, &&fand32, &&fxor32, &&xchg32, &&cmpxchg32,
    &&add64m, &&or64m, &&and64m, &&xor64m, &&fadd64, &&for64, &&fand64, &&fxor64, &&xchg64, &&cmpxchg64,
  };
  if (!pc) return (uint64_t)labels;
  struct frame frames[MAX_FRAMES], *frame = frames;
  uint64_t loops = MAX_LOOPS;
  goto *pc->go;

  ALU(0x00, add, a + b, a + b)
  ALU(0x10, sub, a - b, a - b)
  ALU(0x20, mul, a * b, a * b)
  ALU(0x30, div, b ? a / b : 0, b ? a / b : 0)
  ALU(0x40, or, a | b, a | b)
  ALU(0x50, and, a & b, a & b)
  ALU(0x60, lsh, a << (b & 63), a << (b & 31))
  ALU(0x70, rsh, a >> (b & 63), a >> (b & 31))
  ALU(0x90, mod, b ? a % b : a, b ? a % b : a)
  ALU(0xa0, xor, a ^ b, a ^ b)
  mov64k: D = K; NEXT;
  mov64x: D = S; NEXT;
  mov32k: D = (uint32_t)pc->imm; NEXT;
  mov32x: D = (uint32_t)S; NEXT;
  ALU(0xc0, arsh, (int64_t)a >> (b & 63), (int32_t)a >> (b & 31))
  ALU(0x30, sdiv, b == 0 ? 0 : b == -1ull ? -a : (uint64_t)((int64_t)a / (int64_t)b), b == 0 ? 0 : b == -1u ? -a : (uint32_t)((int32_t)a / (int32_t)b))
  ALU(0x90, smod, b == 0 ? a : b == -1ull ? 0 : (uint64_t)((int64_t)a % (int64_t)b), b == 0 ? a : b == -1u ? 0 : (uint32_t)((int32_t)a % (int32_t)b))
  neg64: D = -D; NEXT;
  neg32: D = (uint32_t)-(uint32_t)D; NEXT;
  movsx8: D = (int64_t)(int8_t)S; NEXT;
  movsx16: D = (int64_t)(int16_t)S; NEXT;
  movsx32: D = (int64_t)(int32_t)S; NEXT;
  movsx8w: D = (uint32_t)(int8_t)S; NEXT;
  movsx16w: D = (uint32_t)(int16_t)S; NEXT;
  be16: D = __builtin_bswap16(D); NEXT;
  be32: D = __builtin_bswap32(D); NEXT;
  be64: D = __builtin_bswap64(D); NEXT;
  le16: D = (uint16_t)D; NEXT;
  le32: D = (uint32_t)D; NEXT;
  le64: NEXT;

  CONDITION(jeq, a == b, a == b)
  CONDITION(jne, a != b, a != b)
  CONDITION(jgt, a > b, a > b)
  CONDITION(jge, a >= b, a >= b)
  CONDITION(jlt, a < b, a < b)
  CONDITION(jle, a <= b, a <= b)
  CONDITION(jset, a & b, a & b)
  CONDITION(jsgt, (int64_t)a > (int64_t)b, (int32_t)a > (int32_t)b)
  CONDITION(jsge, (int64_t)a >= (int64_t)b, (int32_t)a >= (int32_t)b)
  CONDITION(jslt, (int64_t)a < (int64_t)b, (int32_t)a < (int32_t)b)
  CONDITION(jsle, (int64_t)a <= (int64_t)b, (int32_t)a <= (int32_t)b)
  ja: JUMP(pc->off);
  ja32: JUMP(pc->imm);
  may_goto: if (loops-- == 0) { loops = 0; JUMP(pc->off); } NEXT;

  MEMORY(8, uint8_t)
  MEMORY(16, uint16_t)
  MEMORY(32, uint32_t)
  ldx64: D = AT(uint64_t, S); NEXT;
  st64: AT(uint64_t, D) = K; NEXT;
  stx64: AT(uint64_t, D) = S; NEXT;
  ldsx8: D = (int64_t)AT(int8_t, S); NEXT;
  ldsx16: D = (int64_t)AT(int16_t, S); NEXT;
  ldsx32: D = (int64_t)AT(int32_t, S); NEXT;
  lddw: D = (uint64_t)pc[1].go; JUMP(1);

  ATOMIC(add32, uint32_t, +)
  ATOMIC(or32, uint32_t, |)
  ATOMIC(and32, uint32_t, &)
  ATOMIC(xor32, uint32_t, ^)
  ATOMIC(add64, uint64_t, +)
  ATOMIC(or64, uint64_t, |)
  ATOMIC(and64, uint64_t, &)
  ATOMIC(xor64, uint64_t, ^)
  xchg32: { uint32_t old = AT(uint32_t, D); AT(uint32_t, D) = S; S = old; NEXT; }
  xchg64: { uint64_t old = AT(uint64_t, D); AT(uint64_t, D) = S; S = old; NEXT; }
  cmpxchg32: { uint32_t old = AT(uint32_t, D); if (old == (uint32_t)r[0]) AT(uint32_t, D) = S; r[0] = old; NEXT; }
  cmpxchg64: { uint64_t old = AT(uint64_t, D); if (old == r[0]) AT(uint64_t, D) = S; r[0] = old; NEXT; }

  call_helper: r[0] = helpers[pc->imm](r[1], r[2], r[3], r[4], r[5]); NEXT;
  loop: {
    uint64_t q[11], i = 0, n = (uint32_t)r[1];
    q[6] = q[7] = q[8] = q[9] = 0;
    while (i < n) {
      q[1] = i++;
      q[2] = r[3];
      q[10] = r[10] - FRAME;
      if (interpret((const struct op *)r[2], q) != 0) break;
    }
    r[0] = i;
    NEXT;
  }
  enter:
    *frame = (struct frame){pc, {r[6], r[7], r[8], r[9]}, loops};
    frame++;
    r[10] -= FRAME;
    loops = MAX_LOOPS;
    JUMP(pc->imm);
  leave:
    if (frame == frames) return r[0];
    frame--;
    pc = frame->back;
    r[6] = frame->saved[0];
    r[7] = frame->saved[1];
    r[8] = frame->saved[2];
    r[9] = frame->saved[3];
    r[10] += FRAME;
    loops = frame->loops;
    NEXT;
}

static int atomic_label(const struct op *o, int is64) {
  static const struct { int imm, label; } rows[] = {
    {0x00, ADD32M}, {0x40, OR32M}, {0x50, AND32M}, {0xa0, XOR32M}, {0x01, FADD32}, {0x41, FOR32}, {0x51, FAND32},
    {0xa1, FXOR32}, {0xe1, XCHG32}, {0xf1, CMPXCHG32},
  };
  for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
    if (rows[i].imm == o->imm) return rows[i].label + (is64 ? ADD64M - ADD32M : 0);
  return -1;
}

static int swap_label(const struct op *o, int to_little) {
  int at = o->imm == 16 ? 0 : o->imm == 32 ? 1 : o->imm == 64 ? 2 : -100;
  return (to_little ? LE16 : BE16) + at;
}

/* -1: not here. */
static int label_of(int code, const struct op *o) {
  int is_x = code & 8 ? 1 : 0;
  switch (code) {
    case 0xc3: return atomic_label(o, 0);
    case 0xdb: return atomic_label(o, 1);
    case 0xd4: return swap_label(o, 1);
    case 0xdc: case 0xd7: return swap_label(o, 0);
    case 0x85: return o->src == 1 ? CALL : o->src != 0 || (unsigned)o->imm >= MAX_HELPER ? -1 : o->imm == HELPER_LOOP ? LOOP : helpers[o->imm] ? code : -1;
    case 0xbf: return o->off == 0 ? code : o->off == 8 ? MOVSX8 : o->off == 16 ? MOVSX16 : MOVSX32;
    case 0xbc: return o->off == 0 ? code : o->off == 8 ? MOVSX8W : MOVSX16W;
    case 0x37: case 0x3f: return o->off == 0 ? code : SDIV64K + is_x;
    case 0x97: case 0x9f: return o->off == 0 ? code : SMOD64K + is_x;
    case 0x34: case 0x3c: return o->off == 0 ? code : SDIV32K + is_x;
    case 0x94: case 0x9c: return o->off == 0 ? code : SMOD32K + is_x;
    default: return code;
  }
}

static const void *wide(const unsigned char *at, size_t i) {
  int32_t low, high;
  memcpy(&low, at + 4, 4);
  memcpy(&high, at + 12, 4);
  switch (at[1] >> 4) {
    case 0: return (void *)((uint64_t)(uint32_t)high << 32 | (uint32_t)low);
    case 1:
      if ((unsigned)low >= map_count) fail("instruction %zu names map %d", i, low);
      return &maps[low];
    case 4: return program + i + 1 + low;
    default: fail("a wide load of kind %d", at[1] >> 4);
  }
}

static void load(unsigned char *code, size_t count, unsigned char *btf, size_t btf_size, unsigned char *funcs, size_t nfuncs) {
  (void)btf; (void)btf_size; (void)funcs; (void)nfuncs;
  const void *const *labels = (const void *const *)interpret(0, 0);
  program = calloc(count + 1, sizeof *program);
  for (size_t i = 0; i < count; i++) {
    const unsigned char *at = code + i * 8;
    struct op *o = &program[i];
    *o = (struct op){.dst = at[1] & 15, .src = at[1] >> 4};
    memcpy(&o->off, at + 2, 2);
    memcpy(&o->imm, at + 4, 4);
    int label = label_of(at[0], o);
    if (label < 0 || !labels[label]) fail("instruction %zu, opcode %02x, is not here", i, at[0]);
    o->go = labels[label];
    if (at[0] != 0x18) continue;
    program[i + 1].go = wide(at, i);
    i++;
  }
}

static void set_context(int is_packet, unsigned char *bytes, size_t size) {
  memory = bytes;
  pointers[0] = (uint64_t)memory;
  pointers[1] = (uint64_t)(memory + size);
  context = is_packet ? (uint64_t)pointers : (uint64_t)memory;
}

static double run(uint64_t count, const uint64_t *expected, uint64_t *r0) {
  uint64_t r[11] = {0}, want = expected ? *expected : 0, wrong = 0;
  double start = now();
  for (uint64_t i = 0; i < count; i++) {
    r[1] = context;
    r[10] = (uint64_t)(stack + sizeof stack);
    interpret(program, r);
    wrong += r[0] != want;
  }
  double nanoseconds = now() - start;
  if (expected && wrong) fail("%llu runs did not return %llx, the last one %llx", (unsigned long long)wrong, (unsigned long long)want, (unsigned long long)r[0]);
  *r0 = r[0];
  return nanoseconds;
}
