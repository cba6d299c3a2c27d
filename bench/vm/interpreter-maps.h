/* Maps and helpers of the C interpreter: of the same kinds as ours, one CPU, no checks. */
#include <sys/mman.h>

enum { HASH = 1, ARRAY = 2, PERCPU_HASH = 5, PERCPU_ARRAY = 6, RINGBUF = 27 };

struct map {
  unsigned type, key, value, entries;
  unsigned is_hash, value_at, stride;
  /* Hash: cells of an open-addressing table hold an element's number + 1; free elements form a list. */
  uint32_t *cells, mask, shift, used, free_list, count;
  unsigned char *elements, *live;
  /* Ring buffer. */
  uint64_t producer, consumer;
};
static struct map maps[MAX_MAPS];
static unsigned map_count;

static unsigned round8(unsigned n) { return (n + 7) & ~7u; }

static void new_map(unsigned type, unsigned key, unsigned value, unsigned entries, unsigned flags) {
  (void)flags;
  if (map_count == MAX_MAPS) fail("more than %d maps", MAX_MAPS);
  struct map *m = &maps[map_count++];
  *m = (struct map){.type = type, .key = key, .value = value, .entries = entries};
  if (type == RINGBUF) {
    m->elements = calloc(2, entries);
    return;
  }
  if (type != HASH && type != ARRAY && type != PERCPU_HASH && type != PERCPU_ARRAY) fail("maps of type %u are not here", type);
  m->is_hash = type == HASH || type == PERCPU_HASH;
  m->value_at = m->is_hash ? round8(key) : 0;
  m->stride = m->value_at + round8(value);
  m->elements = calloc(entries, m->stride);
  if (!m->is_hash) return;
  unsigned cells = 8, bits = 3;
  while (cells < entries * 2) { cells *= 2; bits++; }
  m->cells = calloc(cells, 4);
  m->live = calloc(entries, 1);
  m->mask = cells - 1;
  m->shift = 64 - bits;
}

static inline uint32_t hash(const struct map *m, const unsigned char *key) {
  uint64_t h = 0, word;
  if (m->key == 8) return (*(const uint64_t *)key * 0x9e3779b97f4a7c15) >> m->shift;
  if (m->key == 4) return (*(const uint32_t *)key * 0x9e3779b97f4a7c15) >> m->shift;
  for (unsigned i = 0; i < m->key; i += 8) {
    word = 0;
    memcpy(&word, key + i, m->key - i < 8 ? m->key - i : 8);
    h = (h ^ word) * 0x9e3779b97f4a7c15;
    h ^= h >> 32;
  }
  return (h * 0x9e3779b97f4a7c15) >> m->shift;
}

static inline int same_key(const struct map *m, const unsigned char *a, const unsigned char *b) {
  if (m->key == 8) return *(const uint64_t *)a == *(const uint64_t *)b;
  if (m->key == 4) return *(const uint32_t *)a == *(const uint32_t *)b;
  return memcmp(a, b, m->key) == 0;
}

/* The cell of the key, or the empty one where it would go. */
static inline uint32_t find(const struct map *m, const unsigned char *key) {
  uint32_t cell = hash(m, key);
  while (m->cells[cell] != 0 && !same_key(m, m->elements + (size_t)(m->cells[cell] - 1) * m->stride, key))
    cell = (cell + 1) & m->mask;
  return cell;
}

static uint64_t lookup(uint64_t map, uint64_t key, uint64_t c, uint64_t d, uint64_t e) {
  (void)c; (void)d; (void)e;
  const struct map *m = (struct map *)map;
  if (!m->is_hash) {
    uint32_t index = *(uint32_t *)key;
    return index < m->entries ? (uint64_t)(m->elements + (size_t)index * m->stride) : 0;
  }
  uint32_t element = m->cells[find(m, (unsigned char *)key)];
  return element == 0 ? 0 : (uint64_t)(m->elements + (size_t)(element - 1) * m->stride + m->value_at);
}

static uint64_t update(uint64_t map, uint64_t key, uint64_t value, uint64_t flags, uint64_t e) {
  (void)e;
  struct map *m = (struct map *)map;
  if (flags > 2) return -22;
  if (!m->is_hash) {
    uint64_t place = lookup(map, key, 0, 0, 0);
    if (place == 0) return -7;
    if (flags == 1) return -17;
    memcpy((void *)place, (void *)value, m->value);
    return 0;
  }
  uint32_t cell = find(m, (unsigned char *)key);
  if (m->cells[cell] != 0 && flags == 1) return -17;
  if (m->cells[cell] == 0) {
    if (flags == 2) return -2;
    if (m->count == m->entries) return -7;
    uint32_t element = m->free_list ? m->free_list - 1 : m->used++;
    if (m->free_list) memcpy(&m->free_list, m->elements + (size_t)element * m->stride, 4);
    memcpy(m->elements + (size_t)element * m->stride, (void *)key, m->key);
    m->cells[cell] = element + 1;
    m->live[element] = 1;
    m->count++;
  }
  memcpy(m->elements + (size_t)(m->cells[cell] - 1) * m->stride + m->value_at, (void *)value, m->value);
  return 0;
}

static uint64_t delete(uint64_t map, uint64_t key, uint64_t c, uint64_t d, uint64_t e) {
  (void)c; (void)d; (void)e;
  struct map *m = (struct map *)map;
  if (!m->is_hash) return -22;
  uint32_t hole = find(m, (unsigned char *)key), element = m->cells[hole];
  if (element == 0) return -2;
  m->live[element - 1] = 0;
  memcpy(m->elements + (size_t)(element - 1) * m->stride, &m->free_list, 4);
  m->free_list = element;
  m->count--;
  /* Whatever would not be found behind the hole moves into it. */
  for (uint32_t at = (hole + 1) & m->mask; m->cells[at] != 0; at = (at + 1) & m->mask) {
    uint32_t home = hash(m, m->elements + (size_t)(m->cells[at] - 1) * m->stride);
    if (((at - home) & m->mask) < ((at - hole) & m->mask)) continue;
    m->cells[hole] = m->cells[at];
    hole = at;
  }
  m->cells[hole] = 0;
  return 0;
}

static uint64_t reserve(uint64_t map, uint64_t size, uint64_t flags, uint64_t d, uint64_t e) {
  (void)flags; (void)d; (void)e;
  struct map *m = (struct map *)map;
  uint32_t total = round8(size + 8);
  if (m->producer - m->consumer + total > m->entries - 1) return 0;
  uint32_t *record = (uint32_t *)(m->elements + (m->producer & (m->entries - 1)));
  record[0] = size | 0x80000000u;
  record[1] = 0;
  m->producer += total;
  return (uint64_t)(record + 2);
}

static uint64_t submit(uint64_t record, uint64_t flags, uint64_t c, uint64_t d, uint64_t e) {
  (void)flags; (void)c; (void)d; (void)e;
  ((uint32_t *)record)[-2] &= 0x7fffffff;
  return 0;
}

static uint64_t discard(uint64_t record, uint64_t flags, uint64_t c, uint64_t d, uint64_t e) {
  (void)flags; (void)c; (void)d; (void)e;
  ((uint32_t *)record)[-2] ^= 0xc0000000;
  return 0;
}

static uint64_t output(uint64_t map, uint64_t data, uint64_t size, uint64_t flags, uint64_t e) {
  uint64_t room = reserve(map, size, flags, 0, e);
  if (room == 0) return -11;
  memcpy((void *)room, (void *)data, size);
  return submit(room, 0, 0, 0, 0);
}

static uint64_t cpu(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e) {
  (void)a; (void)b; (void)c; (void)d; (void)e;
  return 0;
}

static uint64_t ktime(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e) {
  (void)a; (void)b; (void)c; (void)d; (void)e;
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000ull + t.tv_nsec;
}

typedef uint64_t helper(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t);
#define MAX_HELPER 256
#define HELPER_LOOP 181
static helper *const helpers[MAX_HELPER] = {
  [1] = lookup, [2] = update, [3] = delete, [5] = ktime, [8] = cpu,
  [130] = output, [131] = reserve, [132] = submit, [133] = discard,
};

static void dump(unsigned number) {
  struct map *m = &maps[number];
  printf("ok");
  for (uint32_t i = 0; i < (m->is_hash ? m->used : m->entries); i++) {
    const unsigned char *element = m->elements + (size_t)i * m->stride;
    if (m->is_hash && !m->live[i]) continue;
    putchar(' ');
    put_hex(m->is_hash ? element : (unsigned char *)&i, m->key);
    putchar('=');
    put_hex(element + m->value_at, m->value);
  }
  putchar('\n');
}

static void drain(unsigned number) {
  struct map *m = &maps[number];
  m->consumer = drain_records(m->elements, m->entries - 1, m->consumer, m->producer);
}
