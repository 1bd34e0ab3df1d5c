package dev.weft.inference.server.http.relay;

import java.util.List;

/** The paths that are relayed, as vLLM, SGLang and trtllm-serve have them. */
final class RelayRoutes {
    /** Of models that answer with tokens. */
    static final List<String> ALL =
            List.of(
                    "/v1/chat/completions",
                    "/v1/completions",
                    "/v1/messages",
                    "/v1/messages/count_tokens",
                    "/v1/responses",
                    "/tokenize",
                    "/detokenize");

    private RelayRoutes() {}

    /** Whether the server takes {@code stream_options} there. */
    static boolean tellsUsageOnRequest(String path) {
        return path.equals("/v1/chat/completions") || path.equals("/v1/completions");
    }
}
