package dev.weft.standalone.adapters;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** How much a shadow copies, as options. Options that are left out are not sent. */
final class ShadowOptions {
    @Option(
            names = "--share",
            paramLabel = "N",
            description = "The part of the requests that is copied, up to 1 (default: 0.05).")
    private @Nullable Double share;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description =
                    "Tokens of prompts and answers that all copies may use (default: 1000000).")
    private @Nullable Long maxTokens;

    @Option(
            names = "--concurrent",
            paramLabel = "N",
            description = "Copies that each gateway may have under way (default: 2).")
    private @Nullable Integer concurrent;

    @Option(
            names = "--time",
            paramLabel = "TIME",
            description = "How long it lasts, like 6h (default: 1h).")
    private @Nullable String time;

    void writeTo(ObjectNode body) {
        if (share != null) {
            body.put("share", share);
        }
        if (maxTokens != null) {
            body.put("maxTokens", maxTokens);
        }
        if (concurrent != null) {
            body.put("concurrent", concurrent);
        }
        if (time != null) {
            body.put("time", time);
        }
    }
}
