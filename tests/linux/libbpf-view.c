/*
 * libbpf-view: what libbpf makes of objects when it opens them, and after the word "load" what it puts into data maps
 * when it loads them; nothing is attached. One line a fact.
 *
 *   file PATH
 *   refused ERRNO
 *   program NAME SECTION TYPE INSTRUCTIONS AUTOLOAD
 *   map NAME TYPE KEY VALUE ENTRIES FLAGS KEY_ID VALUE_ID EXTRA NUMA PINNED
 *   inner TYPE KEY VALUE ENTRIES FLAGS
 *   datasec NAME SIZE
 *   variable NAME OFFSET SIZE LINKAGE
 *   function NAME LINKAGE
 *   extern NAME OFFSET
 *   value NAME BYTES
 */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int note(enum libbpf_print_level level, const char *format, va_list arguments)
{
  char text[1024], name[256];
  unsigned offset;
  int number, symbol;
  vsnprintf(text, sizeof text, format, arguments);
  if (sscanf(text, "libbpf: extern (kcfg) #%d: symbol %d, off %u, name %255s", &number, &symbol, &offset, name) == 4)
    printf("extern %s %u\n", name, offset);
  return 0;
}

static void show_map(struct bpf_map *map)
{
  printf("map %s %d %u %u %u %u %u %u %llu %u %d\n", bpf_map__name(map), bpf_map__type(map), bpf_map__key_size(map),
         bpf_map__value_size(map), bpf_map__max_entries(map), bpf_map__map_flags(map), bpf_map__btf_key_type_id(map),
         bpf_map__btf_value_type_id(map), (unsigned long long)bpf_map__map_extra(map), bpf_map__numa_node(map),
         bpf_map__pin_path(map) != 0);
  struct bpf_map *inner = bpf_map__inner_map(map);
  if (inner)
    printf("inner %d %u %u %u %u\n", bpf_map__type(inner), bpf_map__key_size(inner), bpf_map__value_size(inner),
           bpf_map__max_entries(inner), bpf_map__map_flags(inner));
}

static void show_types(const struct btf *btf)
{
  for (unsigned id = 1; id < btf__type_cnt(btf); id++) {
    const struct btf_type *type = btf__type_by_id(btf, id);
    const char *name = btf__name_by_offset(btf, type->name_off);
    if (btf_is_func(type)) printf("function %s %u\n", name, btf_vlen(type));
    if (!btf_is_datasec(type) || !strcmp(name, ".kconfig") || !strcmp(name, ".ksyms")) continue;
    printf("datasec %s %u\n", name, type->size);
    const struct btf_var_secinfo *info = btf_var_secinfos(type);
    for (int i = 0; i < btf_vlen(type); i++) {
      const struct btf_type *variable = btf__type_by_id(btf, info[i].type);
      printf("variable %s %u %u %u\n", btf__name_by_offset(btf, variable->name_off), info[i].offset, info[i].size,
             btf_is_var(variable) ? btf_var(variable)->linkage : 0);
    }
  }
}

static void show_values(struct bpf_object *object)
{
  struct bpf_map *map;
  bpf_object__for_each_map(map, object) {
    size_t size = 0;
    const unsigned char *bytes = bpf_map__is_internal(map) ? bpf_map__initial_value(map, &size) : 0;
    if (!bytes) continue;
    printf("value %s ", bpf_map__name(map));
    for (size_t i = 0; i < size; i++) printf("%02x", bytes[i]);
    printf("\n");
  }
}

int main(int count, char **paths)
{
  libbpf_set_print(note);
  int load = count > 1 && !strcmp(paths[1], "load");
  for (int i = 1 + load; i < count; i++) {
    printf("file %s\n", paths[i]);
    struct bpf_object *object = bpf_object__open_file(paths[i], 0);
    if (!object || (load && bpf_object__load(object))) {
      printf("refused %d\n", errno);
      continue;
    }
    struct bpf_program *program;
    bpf_object__for_each_program(program, object)
      printf("program %s %s %d %zu %d\n", bpf_program__name(program), bpf_program__section_name(program),
             bpf_program__type(program), bpf_program__insn_cnt(program), bpf_program__autoload(program));
    struct bpf_map *map;
    bpf_object__for_each_map(map, object) show_map(map);
    if (bpf_object__btf(object)) show_types(bpf_object__btf(object));
    if (load) show_values(object);
    bpf_object__close(object);
  }
  return 0;
}
