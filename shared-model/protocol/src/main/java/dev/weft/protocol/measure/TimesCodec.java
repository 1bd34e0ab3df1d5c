package dev.weft.protocol.measure;

import java.util.TreeMap;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Times as JSON, such as {@code {"171": 3, "180": 1}}. It keeps no state. */
public final class TimesCodec {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<TreeMap<Integer, Long>> COUNTS = new TypeReference<>() {};

    private TimesCodec() {}

    public static String encode(Times times) {
        return JSON.writeValueAsString(times.counts());
    }

    /** Reads what {@link #encode} wrote. */
    public static Times read(String json) {
        return new Times(JSON.readValue(json, COUNTS));
    }
}
