package dev.weft.source.fetch;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Says which files of a repository are wanted. A name is a path within the repository with slashes;
 * all selections here take files of its root only, 1_Pooling/config.json, and those of a base the
 * templates of additional_chat_templates.
 *
 * @param name tells selections apart if several share a folder
 * @param wanted fetched if it is there
 * @param folders folders in which wanted files lie beside those of the root, each with a slash at
 *     its end; sources that list one folder at a time look into them
 * @param anchors names of which a repository holds one at least, so that a place without them need
 *     not be listed; empty if nothing is known beforehand
 * @param listed named in {@link Fetched#files} and never fetched, since its presence alone matters
 * @param maxFileBytes largest size of one file
 * @param maxTotalBytes largest size of all
 */
public record FileSelection(
        String name,
        Predicate<String> wanted,
        List<String> folders,
        List<String> anchors,
        Predicate<String> listed,
        long maxFileBytes,
        long maxTotalBytes) {
    private static final String POOLING = "1_Pooling/";
    private static final String TEMPLATES = "additional_chat_templates/";
    private static final String CONFIG_FILE = "config.json";

    /** Folders of a base in which wanted files lie. */
    private static final List<String> OF_BASES = List.of(POOLING, TEMPLATES);

    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    private static final Pattern CHECKPOINT_FILES =
            Pattern.compile(
                    "config\\.json|generation_config\\.json|tokenizer[^/]*\\.json"
                            + "|chat_template\\.jinja|special_tokens_map\\.json|added_tokens\\.json"
                            + "|[^/]+\\.safetensors|[^/]+\\.safetensors\\.index\\.json"
                            + "|modules\\.json|1_Pooling/config\\.json"
                            + "|config_sentence_transformers\\.json|adapter_config\\.json"
                            + "|sentence_bert_config\\.json|"
                            + TEMPLATES
                            + "[^/]+\\.jinja");

    /** What servers read of a base: beside its weights, files that are small. */
    private static final Pattern SERVER_FILES =
            Pattern.compile(
                    "[^/]+\\.(json|jinja|model|tiktoken|txt|safetensors)"
                            + "|1_Pooling/config\\.json|"
                            + TEMPLATES
                            + "[^/]+\\.jinja");

    /** A copy of the weights in another layout, which some publishers add. */
    private static final Pattern SECOND_COPY = Pattern.compile("consolidated[^/]*");

    private static final Set<String> ADAPTER_FILES =
            Set.of(
                    "adapter_config.json",
                    "adapter_model.safetensors",
                    "chat_template.jinja",
                    "tokenizer_config.json",
                    "special_tokens_map.json",
                    "modules.json",
                    POOLING + "config.json",
                    "config_sentence_transformers.json",
                    "sentence_bert_config.json",
                    "model.lora_weights.npy",
                    "model.lora_config.npy");

    private static final Pattern ADAPTER_LISTED =
            Pattern.compile(
                    "[^/]+\\.(bin|pt|pth|pkl|pickle|ckpt)|additional_chat_templates/.*",
                    Pattern.CASE_INSENSITIVE);

    /** The files of a base model that a worker needs. */
    public static final FileSelection CHECKPOINT =
            new FileSelection(
                    "checkpoint",
                    name ->
                            CHECKPOINT_FILES.matcher(name).matches()
                                    && !SECOND_COPY.matcher(name).matches(),
                    OF_BASES,
                    List.of(CONFIG_FILE),
                    _ -> false,
                    512 * GIB,
                    4096 * GIB);

    /** The files of a base model that a server beside the worker needs. */
    public static final FileSelection SERVER = ofServer("server", name -> false);

    /** The same with the code that the repository brings, for a server that is told to run it. */
    public static final FileSelection SERVER_WITH_CODE =
            ofServer("server-with-code", Pattern.compile("[^/]+\\.py").asMatchPredicate());

    private static FileSelection ofServer(String name, Predicate<String> code) {
        return new FileSelection(
                name,
                file ->
                        code.test(file)
                                || (SERVER_FILES.matcher(file).matches()
                                        && !SECOND_COPY.matcher(file).matches()),
                OF_BASES,
                List.of(CONFIG_FILE),
                _ -> false,
                CHECKPOINT.maxFileBytes,
                CHECKPOINT.maxTotalBytes);
    }

    public FileSelection {
        folders = List.copyOf(folders);
        anchors = List.copyOf(anchors);
    }

    /** A selection of files of the root alone. */
    public FileSelection(
            String name,
            Predicate<String> wanted,
            Predicate<String> listed,
            long maxFileBytes,
            long maxTotalBytes) {
        this(name, wanted, List.of(), List.of(), listed, maxFileBytes, maxTotalBytes);
    }

    /** The text that the name of a file's head has behind the file's name. */
    public static final String HEAD = ".head";

    /**
     * The heads of a base model's safetensors files, which tell the names and shapes of its
     * weights: the length of the header, and the header. A head is a file of its own, {@code
     * NAME.head}; a FILE repository has the whole files instead.
     */
    public static final FileSelection HEADS =
            new FileSelection(
                    "heads",
                    name ->
                            name.endsWith(".safetensors" + HEAD)
                                    && name.indexOf('/') < 0
                                    && !SECOND_COPY.matcher(name).matches(),
                    OF_BASES,
                    List.of(),
                    _ -> false,
                    16 * MIB + 8,
                    256 * MIB);

    /** The shape of a base model: config.json alone. */
    public static final FileSelection CONFIG =
            new FileSelection(
                    "config",
                    CONFIG_FILE::equals,
                    OF_BASES,
                    List.of(CONFIG_FILE),
                    _ -> false,
                    16 * MIB,
                    16 * MIB);

    private static final Pattern CHAT_FILES =
            Pattern.compile(
                    "config\\.json|tokenizer_config\\.json|chat_template\\.jinja"
                            + "|special_tokens_map\\.json|"
                            + TEMPLATES
                            + "[^/]+\\.jinja");

    /** The shape of a base model, and its chat templates. */
    public static final FileSelection CHAT =
            new FileSelection(
                    "chat",
                    CHAT_FILES.asMatchPredicate(),
                    OF_BASES,
                    List.of(),
                    _ -> false,
                    16 * MIB,
                    64 * MIB);

    private static final Set<String> OF_BASE =
            Set.of("checkpoint", "config", "chat", "heads", "server", "server-with-code");

    /**
     * An adapter as PEFT writes it, its chat files, and TensorRT-LLM's pair of arrays. Pickles, and
     * templates that an adapter has no place for, are listed.
     */
    public static final FileSelection ADAPTER =
            new FileSelection(
                    "adapter",
                    ADAPTER_FILES::contains,
                    List.of(POOLING),
                    List.of(
                            "adapter_config.json",
                            "adapter_model.safetensors",
                            "model.lora_weights.npy",
                            "model.lora_config.npy"),
                    name -> ADAPTER_LISTED.matcher(name).matches(),
                    8 * GIB,
                    16 * GIB);

    /**
     * The fault of a file of that size, in words; empty if it may be brought.
     *
     * @param before bytes of the files that are brought before it
     */
    public Optional<String> excess(String file, long bytes, long before) {
        long most = Math.min(maxFileBytes, maxTotalBytes - before);
        return bytes > most
                ? Optional.of("file " + file + " has " + bytes + " bytes, allowed are " + most)
                : Optional.empty();
    }

    /**
     * Largest size of an archive that holds the files. An archive of a base holds the whole base,
     * whichever of its files are wanted.
     */
    public long maxArchiveBytes() {
        return OF_BASE.contains(name) ? CHECKPOINT.maxTotalBytes : maxTotalBytes;
    }

    /** True if only the heads of files are brought. */
    public boolean isOfHeads() {
        return equals(HEADS);
    }

    /**
     * The files that name the content of a source without commits. A base is one content, whichever
     * of its files are wanted: a worker and a catalog know it by one name.
     */
    public Predicate<String> identity() {
        return OF_BASE.contains(name) ? CHECKPOINT.wanted : wanted;
    }
}
