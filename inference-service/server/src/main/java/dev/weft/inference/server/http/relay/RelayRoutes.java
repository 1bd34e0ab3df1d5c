package dev.weft.inference.server.http.relay;

import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.path.ModelPaths;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The paths that are relayed, as vLLM, SGLang and trtllm-serve have them. */
final class RelayRoutes {
    private static final String TOKENIZE = "/tokenize";
    private static final String DETOKENIZE = "/detokenize";

    /** Paths of models that answer with tokens. */
    private static final List<String> TEXT =
            List.of(
                    ModelPaths.CHAT,
                    ModelPaths.TEXT,
                    ModelPaths.MESSAGES,
                    ModelPaths.COUNT,
                    ModelPaths.RESPONSES,
                    TOKENIZE,
                    DETOKENIZE);

    static final List<String> ALL =
            Stream.concat(
                            TEXT.stream(),
                            Stream.of(ModelPaths.EMBEDDINGS, ModelPaths.RERANK, ModelPaths.SCORE))
                    .toList();

    /**
     * Paths at which the server renders chats with the base's template, whatever a request brings.
     */
    private static final Set<String> OWN_TEMPLATE =
            Set.of(ModelPaths.MESSAGES, ModelPaths.COUNT, ModelPaths.RESPONSES);

    /** Paths at which texts become tokens, or tokens texts, and no model runs. */
    private static final Set<String> WITHOUT_MODEL = Set.of(ModelPaths.COUNT, TOKENIZE, DETOKENIZE);

    /** Paths at which a model reads a prompt. */
    static final List<String> SALTED = ALL.stream().filter(RelayRoutes::runsModel).toList();

    /** More bytes than any text has. */
    private static final int LONGEST_TEXT = 64 << 20;

    /** 2,048 inputs, each with 4,096 numbers of 20 characters, take 160 MiB. */
    private static final int LONGEST_VECTORS = 256 << 20;

    private RelayRoutes() {}

    /** Bytes of the longest answer in one piece. */
    static int longestAnswer(String path) {
        return path.equals(ModelPaths.EMBEDDINGS) ? LONGEST_VECTORS : LONGEST_TEXT;
    }

    /** Whether the server takes {@code stream_options} there. */
    static boolean tellsUsageOnRequest(String path) {
        return path.equals(ModelPaths.CHAT) || path.equals(ModelPaths.TEXT);
    }

    /**
     * Refuses an adapter at a path at which the server would compute with the base alone, and so
     * answer for the base under the adapter's name.
     *
     * @throws ApiException 400 {@code unsupported_parameter}
     */
    static void checkAdapter(String path, Dialect dialect) {
        if (runsModel(path) && !dialect.appliesAdapters(path)) {
            throw new ApiException(
                    ErrorCode.UNSUPPORTED_PARAMETER,
                    "The server beside the worker, %s, applies no adapter at %s: ask %s, or the base."
                            .formatted(dialect.engine(), path, ModelPaths.CHAT),
                    "model");
        }
    }

    /**
     * Whether a model reads a prompt at a path. Requests get a {@code cache_salt} only there.
     * Versions of vLLM that do not know the field at a path pass over it.
     */
    static boolean runsModel(String path) {
        return !WITHOUT_MODEL.contains(path);
    }

    /** Whether the server renders a chat there with the template that a request brings. */
    static boolean takesTemplate(String path, boolean chats) {
        return chats && (path.equals(ModelPaths.CHAT) || path.equals(TOKENIZE));
    }

    /** Whether the server renders a chat there with the base's template, whatever is asked. */
    static boolean rendersTheBases(String path) {
        return OWN_TEMPLATE.contains(path);
    }
}
