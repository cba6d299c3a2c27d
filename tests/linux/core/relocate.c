/*
 * Opens an object and loads it with another kernel's BTF, and prints all that libbpf has to say: its CO-RE lines tell
 * what each relocation became. Whether this kernel then takes the programs does not matter. Nothing is attached.
 *
 *   cc -o relocate relocate.c -lbpf && ./relocate OBJECT VMLINUX_BTF
 */
#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stdio.h>

static int print(enum libbpf_print_level level, const char *format, va_list args) {
  (void)level;
  return vprintf(format, args);
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  libbpf_set_print(print);
  LIBBPF_OPTS(bpf_object_open_opts, options, .btf_custom_path = argv[2]);
  struct bpf_object *object = bpf_object__open_file(argv[1], &options);
  if (!object) return 1;
  printf("loaded: %d\n", bpf_object__load(object));
  struct bpf_program *program;
  bpf_object__for_each_program(program, object) {
    const unsigned char *bytes = (const unsigned char *)bpf_program__insns(program);
    printf("instructions of %s: ", bpf_program__name(program));
    for (size_t i = 0; i < bpf_program__insn_cnt(program) * 8; i++) printf("%02x", bytes[i]);
    printf("\n");
  }
  bpf_object__close(object);
  return 0;
}
