package dev.weft.inference.server.http.request;

import dev.weft.inference.server.http.json.JsonFields;

/**
 * {@code stream} and {@code stream_options}.
 *
 * @param wanted whether the answer comes as server-sent events
 * @param usage whether a last event tells the usage
 */
public record StreamOptions(boolean wanted, boolean usage) {
    static StreamOptions read(JsonFields fields) {
        boolean wanted = fields.flag("stream", false);
        JsonFields options = fields.object("stream_options").orElse(null);
        if (options == null) {
            return new StreamOptions(wanted, false);
        }
        if (!wanted) {
            throw fields.invalid("stream_options", options.object(), "only with \"stream\": true");
        }
        if (options.flag("continuous_usage_stats", false)) {
            throw options.unsupported("continuous_usage_stats", "false");
        }
        return new StreamOptions(true, options.flag("include_usage", false));
    }
}
