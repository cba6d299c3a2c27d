/*
 * The verifier tests of a kernel's tools/testing/selftests/bpf, run against a kernel that only writes down what it is
 * asked: included after test_verifier.c (whose main is renamed), this file is the bpf(2) library those tests call.
 * Every program becomes one case of bpfcase-1, with the maps, types and names that the test prepared for it.
 *
 * record FILE: writes the file of cases; prints one line a test file with the number of its cases.
 */

static FILE *out;
static int case_count, unprivileged_count, number_in_file;
static const char *file_name = "";
static struct bpf_test *current;

/* Descriptors we hand out; no test uses such numbers by itself. */
enum { MAP_FD = 0x6d610000, BTF_FD = 0x62740000, NAME_ID = 0x6e610000, PROG_FD = 0x70720000 };

struct made_map { __u32 type, key, value, entries, flags, numa, btf_fd, key_id, value_id; __u64 extra; int inner; __u8 data[256]; int has_data; };
static struct made_map made_maps[64];
static int made_map_count;

struct made_btf { __u8 *bytes; size_t size; };
static struct made_btf made_btfs[64];
static int made_btf_count;

static char names[64][128];
static int name_count;
static char target_name[256];
static const char *target_kind;

static void put_bytes(const void *bytes, size_t size)
{
	const __u8 *at = bytes;

	for (size_t i = 0; i < size; i++)
		fprintf(out, "%02x", at[i]);
}

static void put_text(const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		if ((__u8)*text < ' ')
			fprintf(out, "\\u%04x", *text);
		else
			fputc(*text, out);
	}
	fputc('"', out);
}

int bpf_map_create(enum bpf_map_type type, const char *name, __u32 key, __u32 value, __u32 entries,
		   const struct bpf_map_create_opts *opts)
{
	struct made_map *map = &made_maps[made_map_count];

	*map = (struct made_map){ type, key, value, entries, .inner = -1 };
	if (opts) {
		map->flags = opts->map_flags;
		map->numa = opts->numa_node;
		map->extra = opts->map_extra;
		map->btf_fd = opts->btf_fd;
		map->key_id = opts->btf_key_type_id;
		map->value_id = opts->btf_value_type_id;
		if (opts->inner_map_fd)
			map->inner = opts->inner_map_fd - MAP_FD;
	}
	return MAP_FD + made_map_count++;
}

int bpf_map_update_elem(int fd, const void *key, const void *value, __u64 flags)
{
	struct made_map *map = &made_maps[fd - MAP_FD];

	if (map->type == BPF_MAP_TYPE_ARRAY && map->value <= sizeof(map->data)) {
		memcpy(map->data, value, map->value);
		map->has_data = 1;
	}
	return 0;
}

int bpf_btf_load(const void *bytes, size_t size, const struct bpf_btf_load_opts *opts)
{
	made_btfs[made_btf_count] = (struct made_btf){ malloc(size), size };
	memcpy(made_btfs[made_btf_count].bytes, bytes, size);
	return BTF_FD + made_btf_count++;
}

struct btf *btf__load_vmlinux_btf(void) { return (struct btf *)1; }
void btf__free(struct btf *btf) { }

__s32 btf__find_by_name_kind(const struct btf *btf, const char *name, __u32 kind)
{
	snprintf(names[name_count], sizeof(names[0]), "%s", name);
	return NAME_ID + name_count++;
}

int libbpf_find_vmlinux_btf_id(const char *name, enum bpf_attach_type type)
{
	const char *prefix = type == BPF_TRACE_RAW_TP ? "btf_trace_" : type == BPF_LSM_MAC ? "bpf_lsm_" :
		type == BPF_TRACE_ITER ? "bpf_iter_" : "";

	snprintf(target_name, sizeof(target_name), "%s%s", prefix, name);
	target_kind = type == BPF_TRACE_RAW_TP ? "typedef" : "func";
	return 1;
}

static void put_map(const struct made_map *map)
{
	fprintf(out, "{\"type\":%u,\"key_size\":%u,\"value_size\":%u,\"max_entries\":%u", map->type, map->key,
		map->value, map->entries);
	if (map->flags)
		fprintf(out, ",\"map_flags\":%u", map->flags);
	if (map->extra)
		fprintf(out, ",\"map_extra\":\"%llu\"", (unsigned long long)map->extra);
	if (map->key_id || map->value_id)
		fprintf(out, ",\"btf_key_type_id\":%u,\"btf_value_type_id\":%u", map->key_id, map->value_id);
	if (map->btf_fd) {
		struct made_btf *btf = &made_btfs[map->btf_fd - BTF_FD];

		fprintf(out, ",\"btf\":\"");
		put_bytes(btf->bytes, btf->size);
		fprintf(out, "\"");
	}
	if (map->has_data) {
		fprintf(out, ",\"data\":\"");
		put_bytes(map->data, map->value);
		fprintf(out, "\"");
	}
	if (map->inner >= 0) {
		fprintf(out, ",\"inner\":");
		put_map(&made_maps[map->inner]);
	}
	fprintf(out, "}");
}

static void put_names(const struct bpf_insn *insns, size_t count)
{
	const char *separator = "";
	int used[64], used_count = 0;

	fprintf(out, ",\"relocs\":[");
	for (size_t i = 0; i < count; i++) {
		int map = insns[i].imm - MAP_FD, place = 0;

		if (insns[i].code != (BPF_LD | BPF_IMM | BPF_DW) || map < 0 || map >= made_map_count)
			continue;
		while (place < used_count && used[place] != map)
			place++;
		if (place == used_count)
			used[used_count++] = map;
		fprintf(out, "%s{\"i\":%zu,\"map\":%d}", separator, i, place);
		separator = ",";
	}
	fprintf(out, "],\"maps\":[");
	for (int i = 0; i < used_count; i++) {
		if (i)
			fputc(',', out);
		put_map(&made_maps[used[i]]);
	}
	fprintf(out, "],\"kfuncs\":[");
	separator = "";
	for (size_t i = 0; i < count; i++) {
		int name = insns[i].imm - NAME_ID;

		if (insns[i].code != (BPF_JMP | BPF_CALL) || name < 0 || name >= name_count)
			continue;
		fprintf(out, "%s{\"i\":%zu,\"name\":\"%s\"}", separator, i, names[name]);
		separator = ",";
	}
	fprintf(out, "]");
}

/* Names stand in the case; the numbers we handed out for them do not. */
static void put_insns(const struct bpf_insn *insns, size_t count)
{
	fprintf(out, ",\"insns\":\"");
	for (size_t i = 0; i < count; i++) {
		struct bpf_insn one = insns[i];

		if (one.code == (BPF_LD | BPF_IMM | BPF_DW) && one.imm >= MAP_FD && one.imm < MAP_FD + made_map_count)
			one.imm = 0;
		if (one.code == (BPF_JMP | BPF_CALL) && one.imm >= NAME_ID && one.imm < NAME_ID + name_count)
			one.imm = 0;
		put_bytes(&one, sizeof(one));
	}
	fprintf(out, "\"");
}

static void put_expectation(const struct bpf_test *test)
{
	fprintf(out, ",\"expect\":{\"ok\":%s", test->result == REJECT ? "false" : "true");
	if (test->errstr) {
		fprintf(out, ",\"message\":");
		put_text(test->errstr);
	}
	fprintf(out, "}");
}

int bpf_prog_load(enum bpf_prog_type type, const char *name, const char *license, const struct bpf_insn *insns,
		  size_t count, const struct bpf_prog_load_opts *opts)
{
	char id[512];

	/* What a program array is filled with is no test. */
	if (!opts)
		return PROG_FD;
	snprintf(id, sizeof(id), "%s/#%d %s", file_name, number_in_file, current->descr);
	fprintf(out, "%s\n{\"id\":", case_count ? "," : "");
	put_text(id);
	fprintf(out, ",\"prog_type\":%u,\"flags\":%u", type, opts->prog_flags);
	if (opts->expected_attach_type)
		fprintf(out, ",\"attach_type\":%u", opts->expected_attach_type);
	if (opts->attach_btf_id)
		fprintf(out, ",\"attach_btf\":{\"name\":\"%s\",\"kind\":\"%s\"}", target_name, target_kind);
	if (strcmp(license, "GPL")) {
		fprintf(out, ",\"license\":");
		put_text(license);
	}
	if (opts->prog_btf_fd) {
		struct made_btf *btf = &made_btfs[opts->prog_btf_fd - BTF_FD];

		fprintf(out, ",\"btf\":\"");
		put_bytes(btf->bytes, btf->size);
		fprintf(out, "\"");
	}
	if (opts->func_info_cnt) {
		fprintf(out, ",\"func_info\":\"");
		put_bytes(opts->func_info, opts->func_info_cnt * opts->func_info_rec_size);
		fprintf(out, "\"");
	}
	put_names(insns, count);
	put_expectation(current);
	put_insns(insns, count);
	fprintf(out, "}");
	case_count++;
	return -1;
}

bool libbpf_probe_unused;
int libbpf_probe_bpf_map_type(enum bpf_map_type type, const void *opts) { return 1; }
int libbpf_probe_bpf_prog_type(enum bpf_prog_type type, const void *opts) { return 1; }
int libbpf_set_strict_mode(enum libbpf_strict_mode mode) { return 0; }
int bpf_prog_test_run_opts(int fd, struct bpf_test_run_opts *opts) { return 0; }
int bpf_obj_get_info_by_fd(int fd, void *info, __u32 *length) { return -1; }
int cap_enable_effective(__u64 caps, __u64 *old) { return 0; }
int cap_disable_effective(__u64 caps, __u64 *old) { return 0; }
int bpf_num_possible_cpus_unused;

int main(int argc, char **argv)
{
	int passes, errors, files = 0;

	out = fopen(argv[1], "w");
	if (!out || !freopen("/dev/null", "w", stdout))
		return 1;
	bpf_semi_rand_init();
	fprintf(out, "{\"format\":\"bpfcase-1\",\"cases\":[");
	for (unsigned int i = 0; i < ARRAY_SIZE(tests); i++) {
		current = &tests[i];
		/* A mark between the files, see convert-selftests.ts. */
		if (current->descr[0] == '\1') {
			if (files++)
				fprintf(stderr, "%s %d\n", file_name, number_in_file);
			file_name = current->descr + 1;
			number_in_file = 0;
			continue;
		}
		made_map_count = name_count = 0;
		made_btf_count = 0;
		if (test_as_unpriv(current) && (current->result_unpriv != UNDEF || current->errstr_unpriv))
			unprivileged_count++;
		current->insn_processed = 0;
		do_test_single(current, false, &passes, &errors);
		number_in_file++;
	}
	fprintf(stderr, "%s %d\n", file_name, number_in_file);
	fprintf(out, "\n]}\n");
	fprintf(stderr, "- %d cases; %d have another expectation without privileges, which is left out\n", case_count,
		unprivileged_count);
	return fclose(out) != 0;
}
