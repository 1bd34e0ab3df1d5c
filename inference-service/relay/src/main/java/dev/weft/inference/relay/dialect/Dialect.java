package dev.weft.inference.relay.dialect;

import dev.weft.inference.relay.adapter.RelayName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A kind of server. Facts were read in the public sources of vLLM (0.32, both front ends), SGLang
 * (0.5.23) and TensorRT-LLM (1.2.1). A kind that does not declare a feature has the default, which
 * is mostly that its servers lack it.
 */
public sealed interface Dialect permits Vllm, Sglang, TrtllmServe {
    /** The kind, as {@code weft.engine} names it. */
    String engine();

    /** The value of {@code model} for an adapter. */
    String model(RelayName adapter, String base);

    /** Fields that a request for the adapter has beside its model. */
    default Map<String, Object> fields(RelayName adapter, Path folder) {
        return Map.of();
    }

    /**
     * Whether the server computes a request at this path with the adapter that the request names.
     * At other paths it would answer as the base does, under the adapter's name, or refuse a field
     * that no client has sent.
     */
    boolean appliesAdapters(String path);

    /** The call that loads an adapter; empty if a request with {@link #fields} loads it. */
    default Optional<AdapterCall> load(RelayName adapter, Path folder) {
        return Optional.empty();
    }

    /**
     * A call that loads nothing, to see whether the server allows loads; empty if that is known.
     */
    default Optional<AdapterCall> probe() {
        return Optional.empty();
    }

    /** What an operator does so that the server lets Weft load adapters. */
    String howToLetLoad();

    /** The call that unloads an adapter; empty if there is none. */
    default Optional<AdapterCall> unload(RelayName adapter) {
        return Optional.empty();
    }

    /** Whether the answer to {@link #load} says that the adapter was there before. */
    default boolean isLoadedAlready(ServerReply reply) {
        return false;
    }

    /** Whether the answer to {@link #unload} says that the adapter was not there. */
    default boolean isUnknown(ServerReply reply) {
        return false;
    }

    /**
     * Whether the answer to {@link #load} says that an earlier {@link #unload} has to be finished
     * first.
     */
    default boolean wantsUnloadFirst(ServerReply reply) {
        return false;
    }

    /**
     * Whether the answer to {@link #load} blames the adapter, so that every server of this kind
     * refuses it; otherwise the server has failed.
     */
    default boolean isRefused(ServerReply reply) {
        return reply.status() == 400;
    }

    /**
     * Whether the server is sure to refuse tokens that its model does not know; such a token may
     * end other servers.
     */
    default boolean refusesUnknownTokens() {
        return false;
    }

    /** Whether the answer refuses a token that the server's model does not know. */
    default boolean isUnknownToken(ServerReply reply) {
        return false;
    }

    /** Whether the answer to a request says that the server does not know its adapter. */
    default boolean forgot(ServerReply reply) {
        return false;
    }

    /**
     * The path at which the server says within milliseconds whether it is well; empty if its list
     * of models is asked for instead.
     */
    default Optional<String> health() {
        return Optional.of("/health");
    }

    /** Whether {@code /v1/models} lists the adapters that are loaded. */
    boolean lists();

    /**
     * Top-level fields of requests that clients may not send, since they act on the server itself.
     */
    Set<String> refused();

    /**
     * Whether the server, without an option for it, opens a local file that a request names as an
     * image, a sound or a video.
     */
    default boolean opensFiles() {
        return true;
    }

    /** Whether a chat may bring the template that it is rendered with. */
    boolean takesTemplates();

    /**
     * A chat that brings a template, to see whether the server takes one; empty if that is known.
     */
    default Optional<AdapterCall> templateProbe(String base) {
        return Optional.empty();
    }

    /** The paths at which a request's {@code cache_salt} keeps its prefixes from others'. */
    default Salts salts() {
        return Salts.NOWHERE;
    }

    /** Paths at which a kind of servers takes a salt. */
    enum Salts {
        NOWHERE,
        /** The paths whose body has the field in the server's description. */
        WHERE_DESCRIBED,
        /** All paths at which the server knows the field; it ignores the field at other paths. */
        EVERYWHERE
    }

    /**
     * The option with which an operator turns off the reuse of prefixes, so that each prompt is
     * computed anew.
     */
    String howToShareNoPrefixes();

    /** Whether the input tokens of {@code /v1/messages} include those from a cache. */
    default boolean messagesTellWholeInput() {
        return true;
    }

    /** The metrics in which the server says how busy it is. */
    LoadMetrics loadMetrics();

    /** The words of a command line that name the base's folder. */
    default List<String> checkpoint(String folder) {
        return List.of(folder);
    }

    /** The environment variable that holds the key clients need; empty if it is an option. */
    default String keyVariable() {
        return "";
    }

    /** Command line options and environment with which the server serves as Weft needs it. */
    Launch launch(ServerPlan plan);

    /**
     * How a server is started.
     *
     * @param options in pairs of a name and a value, or a name alone with an empty value
     * @param files texts of the files that options name, by their paths
     */
    record Launch(List<Option> options, Map<String, String> environment, Map<Path, String> files) {
        public Launch {
            options = List.copyOf(options);
            environment = Map.copyOf(environment);
            files = Map.copyOf(files);
        }
    }

    /**
     * An option of a command line.
     *
     * @param value empty for a switch
     * @param setting Weft's setting whose value is the least that the worker needs; empty if an
     *     operator may choose it
     */
    record Option(String name, String value, String setting) {
        Option(String name, String value) {
            this(name, value, "");
        }

        /** A number; more is allowed. */
        static Option atLeast(String name, int least, String setting) {
            return new Option(name, String.valueOf(least), setting);
        }
    }

    String MAX_RANK = "max_lora_rank";
    String MAX_LORAS = "weft.inference.max-loras";
    String MAX_CPU_LORAS = "weft.relay.max-cpu-loras";

    /** The dialect that {@code weft.engine} names. */
    static Dialect of(String engine) {
        return switch (engine) {
            case "vllm" -> new Vllm();
            case "sglang" -> new Sglang();
            case "trtllm-serve" -> new TrtllmServe();
            default ->
                    throw new IllegalArgumentException(
                            engine + ": vllm, sglang and trtllm-serve are allowed");
        };
    }
}
