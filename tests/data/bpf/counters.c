/* Atomic operations, spills, helper calls by number and 64-bit comparisons of every kind. */
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long s64;

static u64 (*bpf_ktime_get_ns)(void) = (void *)5;
static u32 (*bpf_get_prandom_u32)(void) = (void *)7;

struct counters { u64 total, bits, mask, last; u32 small, lock; };

__attribute__((section("raw_tracepoint/sys_enter"), used)) int count(struct counters *c) {
  u64 now = bpf_ktime_get_ns();
  u64 old = __sync_fetch_and_add(&c->total, now);
  __sync_fetch_and_or(&c->bits, old);
  __sync_fetch_and_and(&c->mask, now);
  u32 small = __sync_fetch_and_xor(&c->small, (u32)now);
  u64 before = __sync_lock_test_and_set(&c->last, now);
  u32 was = __sync_val_compare_and_swap(&c->lock, 0, small);
  u64 random = bpf_get_prandom_u32();
  s64 difference = (s64)(now - before);
  if (difference > 1000 || random < was) return (int)(old >> 32);
  if (difference <= -1000 && random >= small) return -(int)was;
  return (int)(difference < 0 ? -difference : difference);
}
