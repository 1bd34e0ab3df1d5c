package dev.weft.inference.relay.splice;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** What a request says of its stream: which events tell its tokens. */
final class UsageOptions {
    static final String NAME = "stream_options";
    static final UsageOptions NONE = new UsageOptions(Map.of());

    private static final String USAGE = "include_usage";
    private static final String USAGE_IN_EACH_EVENT = "continuous_usage_stats";

    private final Map<String, Object> options;

    private UsageOptions(Map<String, Object> options) {
        this.options = options;
    }

    /**
     * Reads a JSON object.
     *
     * @throws dev.weft.protocol.error.ApiException 400 if it has a flag that is not one
     */
    @SuppressWarnings("unchecked") // a JSON object
    static UsageOptions read(byte[] json) {
        UsageOptions read = new UsageOptions(JsonMapper.shared().readValue(json, Map.class));
        read.check(USAGE);
        read.check(USAGE_IN_EACH_EVENT);
        return read;
    }

    private void check(String flag) {
        Object value = options.get(flag);
        if (value != null && !(value instanceof Boolean)) {
            throw RelayRequest.notAFlag(NAME + "." + flag);
        }
    }

    boolean usage() {
        return Boolean.TRUE.equals(options.get(USAGE));
    }

    boolean usageInEachEvent() {
        return usage() && Boolean.TRUE.equals(options.get(USAGE_IN_EACH_EVENT));
    }

    /** The same options, but each event tells the tokens. */
    Map<String, Object> withUsage() {
        Map<String, Object> asked = new TreeMap<>(options);
        asked.put(USAGE, true);
        asked.put(USAGE_IN_EACH_EVENT, true);
        return asked;
    }
}
